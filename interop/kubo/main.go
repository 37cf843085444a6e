// Command ipfs is the pinned Kubo that the interop suite talks to. Kubo's own module carries exclude
// lines, which `go install package@version` refuses, so this module requires it and builds its command.
package main

import (
	"os"

	"github.com/ipfs/kubo/cmd/ipfs/kubo"
)

func main() {
	os.Exit(kubo.Start(kubo.BuildDefaultEnv))
}
