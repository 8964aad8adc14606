package dev.holdfast.moto;

import dev.holdfast.aws.ClientFactory;
import dev.holdfast.aws.Clients;
import dev.holdfast.aws.RateLimits;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * A moto server of its own for one test, on a free port of this machine, and clients for it.
 *
 * @see <a href="https://docs.getmoto.org/en/latest/docs/server_mode.html">moto's server mode</a>
 */
final class Moto implements AutoCloseable {
    static final String ACCOUNT = "123456789012";
    static final String REGION = "eu-west-2";
    private static final Duration START = Duration.ofSeconds(60);

    private final Process process;
    private final URI endpoint;
    private final ClientFactory factory;

    private Moto(Process process, URI endpoint) {
        this.process = process;
        this.endpoint = endpoint;
        this.factory = new ClientFactory(ClientFactory.Config.of(
                        endpoint,
                        StaticCredentialsProvider.create(AwsBasicCredentials.create("moto", "moto")),
                        "test",
                        RateLimits.none())
                // moto loads a service during the first call to it.
                .timeouts(Duration.ofMinutes(2), Duration.ofMinutes(2)));
    }

    static Moto start(Path program) throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Process process = new ProcessBuilder(program.toString(), "-H", "127.0.0.1", "-p", Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Moto moto = new Moto(process, URI.create("http://127.0.0.1:" + port));
        long end = System.nanoTime() + START.toNanos();
        while (!moto.answers()) {
            if (!process.isAlive() || System.nanoTime() > end) {
                moto.close();
                throw new IOException("moto did not start within " + START);
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
        return moto;
    }

    private boolean answers() throws IOException, InterruptedException {
        try {
            reset();
            return true;
        } catch (ConnectException e) {
            return false;
        }
    }

    /** Deletes all resources in moto. */
    void reset() throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            http.send(
                    HttpRequest.newBuilder(endpoint.resolve("/moto-api/reset"))
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
        }
    }

    Clients clients() {
        return factory.of(ACCOUNT, REGION, null);
    }

    /** The program may be a wrapper that runs the server as a child process. */
    @Override
    public void close() {
        factory.close();
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
