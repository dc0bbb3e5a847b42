package main

import (
	"os"
	"runtime"
	"runtime/pprof"
)

// profiled runs work and, where a name is given, writes the profiles NAME.cpu and NAME.mem.
func profiled(name string, work func() error) error {
	if name == "" {
		return work()
	}
	cpu, err := os.Create(name + ".cpu")
	if err != nil {
		return err
	}
	defer cpu.Close()
	runtime.MemProfileRate = 4096
	if err := pprof.StartCPUProfile(cpu); err != nil {
		return err
	}
	err = work()
	pprof.StopCPUProfile()
	if err != nil {
		return err
	}
	mem, err := os.Create(name + ".mem")
	if err != nil {
		return err
	}
	defer mem.Close()
	return pprof.Lookup("allocs").WriteTo(mem, 0)
}
