// A Helia peer that the interop suite drives: one JSON request a line on standard input, one JSON answer a line on
// standard output. It knows no bootstrap peer, and listens on loopback only where no other address is given.
//
//   node peer.mjs <folder for its blocks> <tls|noise> [<IPv4 address to listen on> [dht]]
//
// With "dht" it is a server of the DHT of the local network.
//
//   {"op":"id"}                                  -> {"id","addresses"}
//   {"op":"connect","address"}                   -> {}
//   {"op":"add","path","chunkBytes"}             -> {"cid"}     a file, or a folder with all that is in it
//   {"op":"get","cid","to"}                      -> {"files","bytes"}
//   {"op":"provide","cid"}                       -> {}
//   {"op":"findprovs","cid"}                     -> {"peer"}    the first provider that is found
//   {"op":"publish","key","cid"}                 -> {"name"}    a record of IPNS by the key of that name, made where it is new
//   {"op":"resolve","name"}                      -> {"value"}   asks the DHT, whatever was resolved before
//   {"op":"stop"}                                -> {}
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { withBitswap } from '@helia/bitswap'
import { ipns } from '@helia/ipns'
import { withLibp2pLight } from '@helia/libp2p'
import { globSource, unixfs } from '@helia/unixfs'
import { identify } from '@libp2p/identify'
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { tls } from '@libp2p/tls'
import { multiaddr } from '@multiformats/multiaddr'
import { FsBlockstore } from 'blockstore-fs'
import { createHeliaLight } from 'helia'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { CID } from 'multiformats/cid'

const [folder, security, host = '127.0.0.1', routing] = process.argv.slice(2)
const encrypter = { tls, noise }[security]
if (folder === undefined || encrypter === undefined) {
  console.error('usage: node peer.mjs <folder> <tls|noise> [<address>]')
  process.exit(1)
}

const dht = routing === 'dht'
  ? { dht: kadDHT({ protocol: '/ipfs/lan/kad/1.0.0', clientMode: false, peerInfoMapper: passthroughMapper }) }
  : {}
const blockstore = new FsBlockstore(folder)
const helia = await withBitswap(withLibp2pLight(createHeliaLight({ blockstore }), {
  addresses: { listen: [`/ip4/${host}/tcp/0`] },
  transports: [tcp()],
  connectionEncrypters: [encrypter()],
  streamMuxers: [yamux()],
  services: { identify: identify(), ping: ping(), ...dht }
})).start()
const files = unixfs(helia)
const names = ipns(helia)

const operations = {
  async id () {
    return { id: helia.libp2p.peerId.toString(), addresses: helia.libp2p.getMultiaddrs().map(String) }
  },

  async connect ({ address }) {
    await helia.libp2p.dial(multiaddr(address))
    return {}
  },

  async add ({ path, chunkBytes }) {
    const options = { chunker: fixedSize({ chunkSize: chunkBytes ?? 1024 * 1024 }), rawLeaves: true, cidVersion: 1 }
    if ((await stat(path)).isFile()) {
      return { cid: String(await files.addByteStream(createReadStream(path, { highWaterMark: 1 << 20 }), options)) }
    }
    let last
    for await (const entry of files.addAll(globSource(path, '**/*', { hidden: true }), { ...options, wrapWithDirectory: true })) {
      last = entry
    }
    return { cid: String(last.cid) }
  },

  async get ({ cid, to }) {
    return download(CID.parse(cid), to)
  },

  async provide ({ cid }) {
    await helia.routing.provide(CID.parse(cid))
    return {}
  },

  async findprovs ({ cid }) {
    for await (const provider of helia.routing.findProviders(CID.parse(cid), { signal: AbortSignal.timeout(30_000) })) {
      return { peer: provider.id.toString() }
    }
    throw new Error(`no provider of ${cid}`)
  },

  async publish ({ key, cid }) {
    const { name } = await names.publish(key, CID.parse(cid), { signal: AbortSignal.timeout(60_000) })
    return { name: name.slice('/ipns/'.length) }
  },

  async resolve ({ name }) {
    let value
    for await (const step of names.resolve(name, { nocache: true, signal: AbortSignal.timeout(60_000) })) {
      value = step.value
    }
    return { value }
  },

  async stop () {
    await helia.stop()
    return {}
  }
}

async function download (cid, to) {
  const entry = await files.stat(cid)
  if (entry.type !== 'directory') {
    const out = createWriteStream(to)
    let bytes = 0
    for await (const piece of files.cat(cid)) {
      bytes += piece.byteLength
      if (!out.write(piece)) {
        await new Promise(resolve => out.once('drain', resolve))
      }
    }
    out.end()
    await finished(out)
    return { files: 1, bytes }
  }
  await mkdir(to, { recursive: true })
  const sum = { files: 0, bytes: 0 }
  for await (const child of files.ls(cid)) {
    const part = await download(child.cid, join(to, child.name))
    sum.files += part.files
    sum.bytes += part.bytes
  }
  return sum
}

const requests = createInterface({ input: process.stdin })
console.log(JSON.stringify(await operations.id()))
for await (const line of requests) {
  const request = JSON.parse(line)
  let answer
  try {
    answer = await operations[request.op](request)
  } catch (error) {
    answer = { error: String(error?.stack ?? error) }
  }
  console.log(JSON.stringify(answer))
  if (request.op === 'stop') {
    break
  }
}
process.exit(0)
