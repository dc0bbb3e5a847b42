//go:build !purego

#include "textflag.h"

// EXP stores exp(U) in P: with k = round(U/ln 2) and r = U - k ln 2 a polynomial of degree 13 in r, times 2^k by its exponent. DI is the table
// of exp_amd64.go. KX is the lower half of K.
#define EXP(U, P, K, KX) \
	VMULPD (DI), U, K \
	VROUNDPD $8, K, K \
	VFNMADD231PD 32(DI), K, U \
	VFNMADD231PD 64(DI), K, U \
	VMOVUPD 160(DI), P \
	VFMADD213PD 192(DI), U, P \
	VFMADD213PD 224(DI), U, P \
	VFMADD213PD 256(DI), U, P \
	VFMADD213PD 288(DI), U, P \
	VFMADD213PD 320(DI), U, P \
	VFMADD213PD 352(DI), U, P \
	VFMADD213PD 384(DI), U, P \
	VFMADD213PD 416(DI), U, P \
	VFMADD213PD 448(DI), U, P \
	VFMADD213PD 480(DI), U, P \
	VFMADD213PD 512(DI), U, P \
	VFMADD213PD 544(DI), U, P \
	VFMADD213PD 544(DI), U, P \
	VCVTPD2DQY K, KX \
	VPMOVSXDQ KX, K \
	VPSLLQ $52, K, K \
	VPADDQ K, P, P

// func expAVX2(table *float64, x *float64, n int)
TEXT ·expAVX2(SB), NOSPLIT, $0-24
	MOVQ table+0(FP), DI
	MOVQ x+8(FP), SI
	MOVQ n+16(FP), CX
	VMOVUPD 96(DI), Y6  // least argument
	VMOVUPD 128(DI), Y7 // largest

exploop:
	VMOVUPD (SI), Y0
	VMAXPD Y0, Y6, Y0
	VMINPD Y0, Y7, Y0
	EXP(Y0, Y1, Y2, X2)
	VMOVUPD Y1, (SI)
	ADDQ $32, SI
	SUBQ $4, CX
	JNZ exploop
	VZEROUPPER
	RET

// func logisticAVX2(table *float64, n int, t, labels, second *float64, scale float64, sums *[8]float64)
TEXT ·logisticAVX2(SB), NOSPLIT, $0-56
	MOVQ table+0(FP), DI
	MOVQ n+8(FP), CX
	MOVQ t+16(FP), SI
	MOVQ labels+24(FP), DX
	MOVQ second+32(FP), R8
	VBROADCASTSD scale+40(FP), Y14
	MOVQ sums+48(FP), R9
	VMOVUPD 96(DI), Y15  // least argument
	VMOVUPD 544(DI), Y13 // ones
	VMOVUPD 576(DI), Y12 // signs
	VXORPD Y10, Y10, Y10 // sums of max(-m, 0)
	VMOVAPD Y13, Y11     // products of 1 + e

logisticloop:
	VMOVUPD (DX), Y1
	VMULPD (SI), Y1, Y2   // m
	VORPD Y12, Y2, Y3
	VMAXPD Y3, Y15, Y3    // -|m|, or no number where m is none
	EXP(Y3, Y4, Y5, X5)   // e
	VXORPD Y12, Y2, Y6
	VXORPD Y7, Y7, Y7
	VMAXPD Y6, Y7, Y6
	VADDPD Y6, Y10, Y10
	VADDPD Y13, Y4, Y6
	VMULPD Y6, Y11, Y11
	VDIVPD Y6, Y13, Y6    // q = 1/(1+e)
	VMULPD Y6, Y4, Y4     // eq
	VMULPD Y14, Y1, Y1
	VXORPD Y12, Y1, Y1    // -scale b
	VBLENDVPD Y2, Y6, Y4, Y7
	VMULPD Y7, Y1, Y1
	VMOVUPD Y1, (SI)
	TESTQ R8, R8
	JZ logisticnext
	VMULPD Y6, Y4, Y4
	VMULPD Y14, Y4, Y4
	VMOVUPD Y4, (R8)
	ADDQ $32, R8

logisticnext:
	ADDQ $32, SI
	ADDQ $32, DX
	SUBQ $4, CX
	JNZ logisticloop
	VMOVUPD Y10, (R9)
	VMOVUPD Y11, 32(R9)
	VZEROUPPER
	RET
