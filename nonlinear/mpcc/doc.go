package mpcc
