maximise f: 3;
