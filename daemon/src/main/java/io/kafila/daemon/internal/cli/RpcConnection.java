package io.kafila.daemon.internal.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A stream of bytes each way to an RPC. One thread may read while another writes; closing it breaks both off. */
interface RpcConnection extends AutoCloseable {
    InputStream in();

    OutputStream out();

    @Override
    void close() throws IOException;

    /** @throws IOException also where nobody listens */
    static RpcConnection open(RpcAddress address, int timeoutMs) throws IOException {
        return address instanceof RpcAddress.Unix unix ? unix(unix) : tcp((RpcAddress.Tcp) address, timeoutMs);
    }

    private static RpcConnection tcp(RpcAddress.Tcp address, int timeoutMs) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address.host(), address.port()), timeoutMs);
            socket.setTcpNoDelay(true);
            if (address.tls()) {
                SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
                SSLSocket secure = (SSLSocket) factory.createSocket(socket, address.host(), address.port(), true);
                var parameters = secure.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                secure.setSSLParameters(parameters);
                secure.startHandshake();
                socket = secure;
            }
            return new Opened(socket.getInputStream(), socket.getOutputStream(), socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static RpcConnection unix(RpcAddress.Unix address) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(address.file()));
            return new Opened(new ChannelInput(channel), new ChannelOutput(channel), channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** An open connection; closing {@code socket} closes it. */
    record Opened(InputStream in, OutputStream out, AutoCloseable socket) implements RpcConnection {
        @Override
        public void close() throws IOException {
            try {
                socket.close();
            } catch (IOException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        }
    }

    /** Reads a channel. The streams of {@code Channels} share one lock on JDK 17, so that a read would hold up writes. */
    final class ChannelInput extends InputStream {
        private final SocketChannel channel;

        ChannelInput(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            return channel.read(ByteBuffer.wrap(target, from, length));
        }
    }

    /** Writes a channel; closing it closes the channel. */
    final class ChannelOutput extends OutputStream {
        private final SocketChannel channel;

        ChannelOutput(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, from, count);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
