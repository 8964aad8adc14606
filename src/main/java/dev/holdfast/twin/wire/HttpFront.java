package dev.holdfast.twin.wire;

import dev.holdfast.twin.wire.HttpReader.RawRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server on the loopback interface, with one virtual thread for each connection.
 *
 * <p>The JDK's own server costs more CPU: it hands each connection to a selector after each
 * answer, and back to a thread with the next request.
 */
public final class HttpFront implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HttpFront.class.getName());
    /** The limit of the list: a bug repeats itself. */
    private static final int MOST_BUGS = 100;

    /** The pause after a connection that could not be accepted. */
    private static final Duration RETRY = Duration.ofMillis(100);

    /** Answers requests. */
    @FunctionalInterface
    public interface Handler {
        /**
         * @return null to cut the connection without an answer
         * @throws WireException if the answer is HTTP 400
         */
        @Nullable
        WireResponse handle(WireRequest request, String requestId) throws WireException;
    }

    private final ServerSocket listener;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Handler handler;
    private final Queue<Throwable> bugs = new ConcurrentLinkedQueue<>();

    /**
     * @param port 0 selects a free port
     * @throws IOException if the port is in use
     */
    public HttpFront(int port, Handler handler) throws IOException {
        this.handler = handler;
        listener = new ServerSocket(port, 1024, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** The first exceptions of the handler that no request can cause, in order: bugs of this program. */
    public List<Throwable> bugs() {
        return List.copyOf(bugs);
    }

    /** Cuts all connections without waiting for answers: an interrupt closes the socket of a virtual thread. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            threads.shutdownNow();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket connection = listener.accept();
                try {
                    threads.execute(() -> serve(connection));
                } catch (RejectedExecutionException e) {
                    connection.close();
                }
            } catch (IOException e) {
                if (!listener.isClosed()) { // the process may have too many open files at the moment
                    LOG.log(System.Logger.Level.ERROR, "the twin cannot accept a connection", e);
                    LockSupport.parkNanos(RETRY.toNanos());
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) { // a close before an answer cuts the connection
            socket.setTcpNoDelay(true);
            OutputStream out = socket.getOutputStream();
            HttpReader requests = new HttpReader(socket.getInputStream(), out);
            boolean open = true;
            while (open) {
                open = answer(requests, out);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a connection ended within a request or an answer", e);
        }
    }

    /** @return whether the connection stays open */
    private boolean answer(HttpReader requests, OutputStream out) throws IOException {
        RawRequest request;
        try {
            request = requests.next();
        } catch (WireException e) {
            HttpWriter.write(failed(e), false, true, out);
            return false;
        }
        if (request == null) {
            return false;
        }
        WireResponse reply = reply(request);
        if (reply == null) {
            return false;
        }
        HttpWriter.write(reply, request.method().equals("HEAD"), request.last(), out);
        return !request.last();
    }

    private @Nullable WireResponse reply(RawRequest request) {
        String id = UUID.randomUUID().toString();
        // The task runs in this thread and catches each throwable: a bug is answered and reported.
        FutureTask<@Nullable WireResponse> task = new FutureTask<>(() -> handler.handle(
                WireRequest.read(
                        request.method(),
                        request.uri().getRawPath(),
                        request.uri().getRawQuery(),
                        request.headers(),
                        request.body()),
                id));
        task.run();
        WireResponse reply = task.state() == Future.State.SUCCESS ? task.resultNow() : failed(task.exceptionNow());
        if (reply != null) {
            reply.headers().put("x-amzn-RequestId", id);
            reply.headers().put("x-amz-request-id", id);
            reply.headers().put("x-amz-id-2", id);
        }
        return reply;
    }

    private WireResponse failed(Throwable why) {
        if (why instanceof WireException malformed) {
            return text(400, "Malformed request: " + malformed.getMessage());
        }
        LOG.log(System.Logger.Level.ERROR, "the twin failed to handle a request", why);
        if (bugs.size() < MOST_BUGS) {
            bugs.add(why);
        }
        return text(500, "InternalFailure: " + why);
    }

    private static WireResponse text(int status, String text) {
        return WireResponse.of(status, "text/plain", text.getBytes(StandardCharsets.UTF_8));
    }
}
