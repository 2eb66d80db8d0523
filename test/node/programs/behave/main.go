// A process of a container without a shell: says what it sees, and ends as it is told to.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	term := flag.Int("term", 0, "exit code after SIGTERM; -1: goes on")
	after := flag.Duration("after", 0, "time until it ends by itself; 0: never")
	code := flag.Int("code", 0, "exit code when it ends by itself")
	flag.Parse()

	// Nobody else waits for the orphans of a Pod whose processes share a namespace.
	signal.Ignore(syscall.SIGCHLD)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	var end <-chan time.Time
	if *after > 0 {
		end = time.After(*after)
	}
	fmt.Println("up")
	for {
		select {
		case <-signals:
			fmt.Println("TERM")
			if *term >= 0 {
				os.Exit(*term)
			}
		case <-end:
			os.Exit(*code)
		}
	}
}
