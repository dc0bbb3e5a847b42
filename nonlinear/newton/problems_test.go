package newton_test

// classic is a problem from the literature, in the modelling language; its variables are declared by the number and bounds given.
type classic struct {
	name   string
	start  []float64
	bounds string // by variable, separated by commas: "lo hi"; "" where there are none. One that stands alone is for all.
	text   string // in x1, x2, ...
	want   float64
	tol    float64 // relative; 0: 1e-6
	local  float64 // another local minimum that counts, 0: none
	from   string
}

const hs = "Hock and Schittkowski (1981)"

var classics = []classic{
	{name: "rosenbrock", start: []float64{-1.2, 1}, text: `minimize f: 100*(x2-x1^2)^2+(1-x1)^2;`, want: 0, from: "minimum at (1,1)"},
	{name: "hs1", start: []float64{-2, 1}, bounds: ",-1.5 ", text: `minimize f: 100*(x2-x1^2)^2+(1-x1)^2;`, want: 0, from: hs},
	{name: "hs2", start: []float64{-2, 1}, bounds: ",1.5 ", text: `minimize f: 100*(x2-x1^2)^2+(1-x1)^2;`, want: 0.0504261879, local: 4.941229318, from: hs},
	{name: "hs3", start: []float64{10, 1}, bounds: ",0 ", text: `minimize f: x2+1e-5*(x2-x1)^2;`, want: 0, from: hs},
	{name: "hs4", start: []float64{1.125, 0.125}, bounds: "1 ,0 ", text: `minimize f: (x1+1)^3/3+x2;`, want: 8.0 / 3, from: hs},
	{name: "hs5", start: []float64{0, 0}, bounds: "-1.5 4,-3 3", text: `minimize f: sin(x1+x2)+(x1-x2)^2-1.5*x1+2.5*x2+1;`, want: -1.9132229550, local: 1.228369699, from: hs},
	{name: "hs6", start: []float64{-1.2, 1}, text: `minimize f: (1-x1)^2; c: 10*(x2-x1^2)=0;`, want: 0, from: hs},
	{name: "hs7", start: []float64{2, 2}, text: `minimize f: log(1+x1^2)-x2; c: (1+x1^2)^2+x2^2=4;`, want: -1.7320508076, from: hs},
	{name: "hs8", start: []float64{2, 1}, text: `minimize f: -1; c: x1^2+x2^2=25; d: x1*x2=9;`, want: -1, from: hs},
	{name: "hs9", start: []float64{0, 0}, text: `minimize f: sin(3.14159265358979*x1/12)*cos(3.14159265358979*x2/16); c: 4*x1-3*x2=0;`, want: -0.5, from: hs},
	{name: "hs10", start: []float64{-10, 10}, text: `minimize f: x1-x2; c: -3*x1^2+2*x1*x2-x2^2+1>=0;`, want: -1, from: hs},
	{name: "hs11", start: []float64{4.9, 0.1}, text: `minimize f: (x1-5)^2+x2^2-25; c: x2-x1^2>=0;`, want: -8.498464223, from: hs},
	{name: "hs12", start: []float64{0, 0}, text: `minimize f: 0.5*x1^2+x2^2-x1*x2-7*x1-7*x2; c: 25-4*x1^2-x2^2>=0;`, want: -30, from: hs},
	{name: "hs13", start: []float64{-2, -2}, bounds: "0 ", text: `minimize f: (x1-2)^2+x2^2; c: (1-x1)^3-x2>=0;`, want: 1, tol: 0.02, from: hs + ": no constraint qualification, no multipliers"},
	{name: "hs14", start: []float64{2, 2}, text: `minimize f: (x1-2)^2+(x2-1)^2; c: x1-2*x2+1=0; d: -0.25*x1^2-x2^2+1>=0;`, want: 1.393464981, from: hs},
	{name: "hs15", start: []float64{-2, 1}, bounds: " 0.5,", text: `minimize f: 100*(x2-x1^2)^2+(1-x1)^2; c: x1*x2-1>=0; d: x1+x2^2>=0;`, want: 306.5, local: 360.3797672, from: hs},
	{name: "hs16", start: []float64{-2, 1}, bounds: "-2 0.5, 1", text: `minimize f: 100*(x2-x1^2)^2+(1-x1)^2; c: x1+x2^2>=0; d: x1^2+x2>=0;`, want: 0.25, local: 3.9820605, from: hs},
	{name: "hs17", start: []float64{-2, 1}, bounds: "-2 0.5, 1", text: `minimize f: 100*(x2-x1^2)^2+(1-x1)^2; c: x2^2-x1>=0; d: x1^2-x2>=0;`, want: 1, from: hs},
	{name: "hs18", start: []float64{2, 2}, bounds: "2 50,0 50", text: `minimize f: 0.01*x1^2+x2^2; c: x1*x2-25>=0; d: x1^2+x2^2-25>=0;`, want: 5, from: hs},
	{name: "hs19", start: []float64{20.1, 5.84}, bounds: "13 100,0 100", text: `minimize f: (x1-10)^3+(x2-20)^3; c: (x1-5)^2+(x2-5)^2-100>=0; d: 82.81-(x1-6)^2-(x2-5)^2>=0;`, want: -6961.81381, from: hs},
	{name: "hs20", start: []float64{-2, 1}, bounds: "-0.5 0.5,", text: `minimize f: 100*(x2-x1^2)^2+(1-x1)^2; c: x1+x2^2>=0; d: x1^2+x2>=0; e: x1^2+x2^2-1>=0;`, want: 38.19872981, local: 40.19872981, from: hs},
	{name: "hs21", start: []float64{-1, -1}, bounds: "2 50,-50 50", text: `minimize f: 0.01*x1^2+x2^2-100; c: 10*x1-x2-10>=0;`, want: -99.96, from: hs},
	{name: "hs22", start: []float64{2, 2}, text: `minimize f: (x1-2)^2+(x2-1)^2; c: -x1-x2+2>=0; d: -x1^2+x2>=0;`, want: 1, from: hs},
	{name: "hs23", start: []float64{3, 1}, bounds: "-50 50", text: `minimize f: x1^2+x2^2; c: x1+x2-1>=0; d: x1^2+x2^2-1>=0; e: 9*x1^2+x2^2-9>=0; g: x1^2-x2>=0; h: x2^2-x1>=0;`, want: 2, from: hs},
	{name: "hs24", start: []float64{1, 0.5}, bounds: "0 ", text: `minimize f: ((x1-3)^2-9)*x2^3/(27*sqrt(3)); c: x1/sqrt(3)-x2>=0; d: x1+sqrt(3)*x2>=0; e: -x1-sqrt(3)*x2+6>=0;`, want: -1, from: hs},
	{name: "hs26", start: []float64{-2.6, 2, 2}, text: `minimize f: (x1-x2)^2+(x2-x3)^4; c: (1+x2^2)*x1+x3^4-3=0;`, want: 0, from: hs},
	{name: "hs27", start: []float64{2, 2, 2}, text: `minimize f: 0.01*(x1-1)^2+(x2-x1^2)^2; c: x1+x3^2+1=0;`, want: 0.04, from: hs},
	{name: "hs28", start: []float64{-4, 1, 1}, text: `minimize f: (x1+x2)^2+(x2+x3)^2; c: x1+2*x2+3*x3=1;`, want: 0, from: hs},
	{name: "hs29", start: []float64{1, 1, 1}, text: `minimize f: -x1*x2*x3; c: -x1^2-2*x2^2-4*x3^2+48>=0;`, want: -22.627416998, from: hs},
	{name: "hs31", start: []float64{1, 1, 1}, bounds: "-10 10,1 10,-10 1", text: `minimize f: 9*x1^2+x2^2+9*x3^2; c: x1*x2-1>=0;`, want: 6, from: hs},
	{name: "hs32", start: []float64{0.1, 0.7, 0.2}, bounds: "0 ", text: `minimize f: (x1+3*x2+x3)^2+4*(x1-x2)^2; c: 1-x1-x2-x3=0; d: 6*x2+4*x3-x1^3-3>=0;`, want: 1, from: hs},
	{name: "hs33", start: []float64{0, 0, 3}, bounds: "0 ,0 ,0 5", text: `minimize f: (x1-1)*(x1-2)*(x1-3)+x3; c: x3^2-x2^2-x1^2>=0; d: x1^2+x2^2+x3^2-4>=0;`, want: -4.585786438, local: -4, from: hs},
	{name: "hs34", start: []float64{0, 1.05, 2.9}, bounds: "0 100,0 100,0 10", text: `minimize f: -x1; c: x2-exp(x1)>=0; d: x3-exp(x2)>=0;`, want: -0.8340324452, from: hs},
	{name: "hs35", start: []float64{0.5, 0.5, 0.5}, bounds: "0 ", text: `minimize f: 9-8*x1-6*x2-4*x3+2*x1^2+2*x2^2+x3^2+2*x1*x2+2*x1*x3; c: 3-x1-x2-2*x3>=0;`, want: 1.0 / 9, from: hs},
	{name: "hs36", start: []float64{10, 10, 10}, bounds: "0 20,0 11,0 42", text: `minimize f: -x1*x2*x3; c: 72-x1-2*x2-2*x3>=0;`, want: -3300, from: hs},
	{name: "hs37", start: []float64{10, 10, 10}, bounds: "0 42", text: `minimize f: -x1*x2*x3; c: 72-x1-2*x2-2*x3>=0; d: x1+2*x2+2*x3>=0;`, want: -3456, from: hs},
	{name: "hs38", start: []float64{-3, -1, -3, -1}, bounds: "-10 10", text: `minimize f: 100*(x2-x1^2)^2+(1-x1)^2+90*(x4-x3^2)^2+(1-x3)^2+10.1*((x2-1)^2+(x4-1)^2)+19.8*(x2-1)*(x4-1);`, want: 0, from: hs},
	{name: "hs39", start: []float64{2, 2, 2, 2}, text: `minimize f: -x1; c: x2-x1^3-x3^2=0; d: x1^2-x2-x4^2=0;`, want: -1, from: hs},
	{name: "hs40", start: []float64{0.8, 0.8, 0.8, 0.8}, text: `minimize f: -x1*x2*x3*x4; c: x1^3+x2^2=1; d: x1^2*x4-x3=0; e: x4^2-x2=0;`, want: -0.25, from: hs},
	{name: "hs41", start: []float64{2, 2, 2, 2}, bounds: "0 1,0 1,0 1,0 2", text: `minimize f: 2-x1*x2*x3; c: x1+2*x2+2*x3-x4=0;`, want: 52.0 / 27, local: 2, from: hs},
	{name: "hs42", start: []float64{1, 1, 1, 1}, text: `minimize f: (x1-1)^2+(x2-2)^2+(x3-3)^2+(x4-4)^2; c: x1=2; d: x3^2+x4^2=2;`, want: 13.85786438, from: hs},
	{name: "hs43", start: []float64{0, 0, 0, 0}, text: `minimize f: x1^2+x2^2+2*x3^2+x4^2-5*x1-5*x2-21*x3+7*x4; c: 8-x1^2-x2^2-x3^2-x4^2-x1+x2-x3+x4>=0; d: 10-x1^2-2*x2^2-x3^2-2*x4^2+x1+x4>=0; e: 5-2*x1^2-x2^2-x3^2-2*x1+x2+x4>=0;`, want: -44, from: hs},
	{name: "hs44", start: []float64{0, 0, 0, 0}, bounds: "0 ", text: `minimize f: x1-x2-x3-x1*x3+x1*x4+x2*x3-x2*x4; c: 8-x1-2*x2>=0; d: 12-4*x1-x2>=0; e: 12-3*x1-4*x2>=0; g: 8-2*x3-x4>=0; h: 8-x3-2*x4>=0; i: 5-x3-x4>=0;`, want: -15, local: -13, from: hs},
	{name: "hs46", start: []float64{0.707, 1.75, 0.5, 2, 2}, text: `minimize f: (x1-x2)^2+(x3-1)^2+(x4-1)^4+(x5-1)^6; c: x1^2*x4+sin(x4-x5)=1; d: x2+x3^4*x4^2=2;`, want: 0, from: hs},
	{name: "hs47", start: []float64{2, 1.414213562, -1, 0.585786438, 0.5}, text: `minimize f: (x1-x2)^2+(x2-x3)^2+(x3-x4)^4+(x4-x5)^4; c: x1+x2^2+x3^3=3; d: x2-x3^2+x4=1; e: x1*x5=1;`, want: 0, from: hs},
	{name: "hs48", start: []float64{3, 5, -3, 2, -2}, text: `minimize f: (x1-1)^2+(x2-x3)^2+(x4-x5)^2; c: x1+x2+x3+x4+x5=5; d: x3-2*(x4+x5)+3=0;`, want: 0, from: hs},
	{name: "hs49", start: []float64{10, 7, 2, -3, 0.8}, text: `minimize f: (x1-x2)^2+(x3-1)^2+(x4-1)^4+(x5-1)^6; c: x1+x2+x3+4*x4=7; d: x3+5*x5=6;`, want: 0, from: hs},
	{name: "hs50", start: []float64{35, -31, 11, 5, -5}, text: `minimize f: (x1-x2)^2+(x2-x3)^2+(x3-x4)^4+(x4-x5)^2; c: x1+2*x2+3*x3=6; d: x2+2*x3+3*x4=6; e: x3+2*x4+3*x5=6;`, want: 0, from: hs},
	{name: "hs52", start: []float64{2, 2, 2, 2, 2}, text: `minimize f: (4*x1-x2)^2+(x2+x3-2)^2+(x4-1)^2+(x5-1)^2; c: x1+3*x2=0; d: x3+x4-2*x5=0; e: x2-x5=0;`, want: 1859.0 / 349, from: hs},
	{name: "hs53", start: []float64{2, 2, 2, 2, 2}, bounds: "-10 10", text: `minimize f: (x1-x2)^2+(x2+x3-2)^2+(x4-1)^2+(x5-1)^2; c: x1+3*x2=0; d: x3+x4-2*x5=0; e: x2-x5=0;`, want: 176.0 / 43, from: hs},
	{name: "hs55", start: []float64{1, 2, 0, 0, 0, 2}, bounds: "0 1,0 ,0 ,0 1,0 ,0 ", text: `minimize f: x1+2*x2+4*x5+exp(x1*x4); c: x1+2*x2+5*x5=6; d: x1+x2+x3=3; e: x4+x5+x6=2; g: x1+x4=1; h: x2+x5=2; i: x3+x6=2;`, want: 19.0 / 3, local: 6.666667, from: hs + ": dependent constraints"},
	{name: "hs60", start: []float64{2, 2, 2}, bounds: "-10 10", text: `minimize f: (x1-1)^2+(x1-x2)^2+(x2-x3)^4; c: x1*(1+x2^2)+x3^4=4+3*sqrt(2);`, want: 0.03256820025, from: hs},
	{name: "hs61", start: []float64{0, 0, 0}, text: `minimize f: 4*x1^2+2*x2^2+2*x3^2-33*x1+16*x2-24*x3; c: 3*x1-2*x2^2=7; d: 4*x1-x3^2=11;`, want: -143.6461422, from: hs},
	{name: "hs62", start: []float64{0.7, 0.2, 0.1}, bounds: "0 1", text: `minimize f: -32.174*(255*log((x1+x2+x3+0.03)/(0.09*x1+x2+x3+0.03))+280*log((x2+x3+0.03)/(0.07*x2+x3+0.03))+290*log((x3+0.03)/(0.13*x3+0.03))); c: x1+x2+x3=1;`, want: -26272.51448, from: hs},
	{name: "hs63", start: []float64{2, 2, 2}, bounds: "0 ", text: `minimize f: 1000-x1^2-2*x2^2-x3^2-x1*x2-x1*x3; c: 8*x1+14*x2+7*x3=56; d: x1^2+x2^2+x3^2=25;`, want: 961.7151721, from: hs},
	{name: "hs64", start: []float64{1, 1, 1}, bounds: "1e-5 ", text: `minimize f: 5*x1+50000/x1+20*x2+72000/x2+10*x3+144000/x3; c: 1-4/x1-32/x2-120/x3>=0;`, want: 6299.842428, from: hs},
	{name: "hs65", start: []float64{-5, 5, 0}, bounds: "-4.5 4.5,-4.5 4.5,-5 5", text: `minimize f: (x1-x2)^2+(x1+x2-10)^2/9+(x3-5)^2; c: 48-x1^2-x2^2-x3^2>=0;`, want: 0.9535288567, from: hs},
	{name: "hs66", start: []float64{0, 1.05, 2.9}, bounds: "0 100,0 100,0 10", text: `minimize f: 0.2*x3-0.8*x1; c: x2-exp(x1)>=0; d: x3-exp(x2)>=0;`, want: 0.5181632741, from: hs},
	{name: "hs71", start: []float64{1, 5, 5, 1}, bounds: "1 5", text: `minimize f: x1*x4*(x1+x2+x3)+x3; c: x1*x2*x3*x4>=25; d: x1^2+x2^2+x3^2+x4^2=40;`, want: 17.0140173, from: hs},
	{name: "hs72", start: []float64{1, 1, 1, 1}, bounds: "0.001 4e5,0.001 3e5,0.001 2e5,0.001 1e5", text: `minimize f: 1+x1+x2+x3+x4; c: 0.0401-4/x1-2.25/x2-1/x3-0.25/x4>=0; d: 0.010085-0.16/x1-0.36/x2-0.64/x3-0.64/x4>=0;`, want: 727.67937, from: hs},
	{name: "hs73", start: []float64{1, 1, 1, 1}, bounds: "0 ", text: `minimize f: 24.55*x1+26.75*x2+39*x3+40.5*x4; c: 2.3*x1+5.6*x2+11.1*x3+1.3*x4>=5; d: 12*x1+11.9*x2+41.8*x3+52.1*x4-21-1.645*sqrt(0.28*x1^2+0.19*x2^2+20.5*x3^2+0.62*x4^2)>=0; e: x1+x2+x3+x4=1;`, want: 29.89437816, from: hs},
	{name: "hs74", start: []float64{0, 0, 0, 0}, bounds: "0 1200,0 1200,-0.55 0.55,-0.55 0.55", text: `minimize f: 3*x1+1e-6*x1^3+2*x2+2e-6/3*x2^3; c: x4-x3+0.55>=0; d: x3-x4+0.55>=0; e: 1000*sin(-x3-0.25)+1000*sin(-x4-0.25)+894.8-x1=0; g: 1000*sin(x3-0.25)+1000*sin(x3-x4-0.25)+894.8-x2=0; h: 1000*sin(x4-0.25)+1000*sin(x4-x3-0.25)+1294.8=0;`, want: 5126.4981, from: hs},
	{name: "hs76", start: []float64{0.5, 0.5, 0.5, 0.5}, bounds: "0 ", text: `minimize f: x1^2+0.5*x2^2+x3^2+0.5*x4^2-x1*x3+x3*x4-x1-3*x2+x3-x4; c: 5-x1-2*x2-x3-x4>=0; d: 4-3*x1-x2-2*x3+x4>=0; e: x2+4*x3-1.5>=0;`, want: -4.681818181, from: hs},
	{name: "hs77", start: []float64{2, 2, 2, 2, 2}, text: `minimize f: (x1-1)^2+(x1-x2)^2+(x3-1)^2+(x4-1)^4+(x5-1)^6; c: x1^2*x4+sin(x4-x5)=2*sqrt(2); d: x2+x3^4*x4^2=8+sqrt(2);`, want: 0.24150513, from: hs},
	{name: "hs78", start: []float64{-2, 1.5, 2, -1, -1}, text: `minimize f: x1*x2*x3*x4*x5; c: x1^2+x2^2+x3^2+x4^2+x5^2=10; d: x2*x3-5*x4*x5=0; e: x1^3+x2^3+1=0;`, want: -2.91970041, from: hs},
	{name: "hs79", start: []float64{2, 2, 2, 2, 2}, text: `minimize f: (x1-1)^2+(x1-x2)^2+(x2-x3)^2+(x3-x4)^4+(x4-x5)^4; c: x1+x2^2+x3^3=2+3*sqrt(2); d: x2-x3^2+x4=-2+2*sqrt(2); e: x1*x5=2;`, want: 0.0787768209, from: hs},
	{name: "hs80", start: []float64{-2, 2, 2, -1, -1}, bounds: "-2.3 2.3,-2.3 2.3,-3.2 3.2,-3.2 3.2,-3.2 3.2", text: `minimize f: exp(x1*x2*x3*x4*x5); c: x1^2+x2^2+x3^2+x4^2+x5^2=10; d: x2*x3-5*x4*x5=0; e: x1^3+x2^3+1=0;`, want: 0.0539498478, from: hs},
	{name: "hs83", start: []float64{78, 33, 27, 27, 27}, bounds: "78 102,33 45,27 45,27 45,27 45", text: `minimize f: 5.3578547*x3^2+0.8356891*x1*x5+37.293239*x1-40792.141;
c: 0<=85.334407+0.0056858*x2*x5+0.0006262*x1*x4-0.0022053*x3*x5<=92; d: 90<=80.51249+0.0071317*x2*x5+0.0029955*x1*x2+0.0021813*x3^2<=110; e: 20<=9.300961+0.0047026*x3*x5+0.0012547*x1*x3+0.0019085*x3*x4<=25;`, want: -30665.53867, from: hs},
	{name: "hs93", start: []float64{5.54, 4.4, 12.02, 11.82, 0.702, 0.852}, bounds: "0 ", text: `minimize f: 0.0204*x1*x4*(x1+x2+x3)+0.0187*x2*x3*(x1+1.57*x2+x4)+0.0607*x1*x4*x5^2*(x1+x2+x3)+0.0437*x2*x3*x6^2*(x1+1.57*x2+x4);
c: 0.001*x1*x2*x3*x4*x5*x6-2.07>=0; d: 1-0.00062*x1*x4*x5^2*(x1+x2+x3)-0.00058*x2*x3*x6^2*(x1+1.57*x2+x4)>=0;`, want: 135.075961, from: hs},
	{name: "hs100", start: []float64{1, 2, 0, 4, 0, 1, 1}, text: `minimize f: (x1-10)^2+5*(x2-12)^2+x3^4+3*(x4-11)^2+10*x5^6+7*x6^2+x7^4-4*x6*x7-10*x6-8*x7; c: 127-2*x1^2-3*x2^4-x3-4*x4^2-5*x5>=0; d: 282-7*x1-3*x2-10*x3^2-x4+x5>=0; e: 196-23*x1-x2^2-6*x6^2+8*x7>=0; g: -4*x1^2-x2^2+3*x1*x2-2*x3^2-5*x6+11*x7>=0;`, want: 680.6300573, from: hs},
	{name: "hs106", start: []float64{5000, 5000, 5000, 200, 350, 150, 225, 425}, bounds: "100 10000,1000 10000,1000 10000,10 1000,10 1000,10 1000,10 1000,10 1000", text: `minimize f: x1+x2+x3; c: 1-0.0025*(x4+x6)>=0; d: 1-0.0025*(x5+x7-x4)>=0; e: 1-0.01*(x8-x5)>=0; g: x1*x6-833.33252*x4-100*x1+83333.333>=0; h: x2*x7-1250*x5-x2*x4+1250*x4>=0; i: x3*x8-1250000-x3*x5+2500*x5>=0;`, want: 7049.2480205, from: hs},
	{name: "hs110", start: []float64{9, 9, 9, 9, 9, 9, 9, 9, 9, 9}, bounds: "2.001 9.999", text: `minimize f: log(x1-2)^2+log(10-x1)^2+log(x2-2)^2+log(10-x2)^2+log(x3-2)^2+log(10-x3)^2+log(x4-2)^2+log(10-x4)^2+log(x5-2)^2+log(10-x5)^2+log(x6-2)^2+log(10-x6)^2+log(x7-2)^2+log(10-x7)^2+log(x8-2)^2+log(10-x8)^2+log(x9-2)^2+log(10-x9)^2+log(x10-2)^2+log(10-x10)^2-(x1*x2*x3*x4*x5*x6*x7*x8*x9*x10)^0.2;`, want: -45.77846971, from: hs},
	{name: "hs113", start: []float64{2, 3, 5, 5, 1, 2, 7, 3, 6, 10}, text: `minimize f: x1^2+x2^2+x1*x2-14*x1-16*x2+(x3-10)^2+4*(x4-5)^2+(x5-3)^2+2*(x6-1)^2+5*x7^2+7*(x8-11)^2+2*(x9-10)^2+(x10-7)^2+45; c: 105-4*x1-5*x2+3*x7-9*x8>=0; d: -10*x1+8*x2+17*x7-2*x8>=0; e: 8*x1-2*x2-5*x9+2*x10+12>=0; g: -3*(x1-2)^2-4*(x2-3)^2-2*x3^2+7*x4+120>=0; h: -5*x1^2-8*x2-(x3-6)^2+2*x4+40>=0; i: -0.5*(x1-8)^2-2*(x2-4)^2-3*x5^2+x6+30>=0; j: -x1^2-2*(x2-2)^2+2*x1*x2-14*x5+6*x6>=0; k: 3*x1-6*x2-12*(x9-8)^2+7*x10>=0;`, want: 24.3062091, from: hs},
}
