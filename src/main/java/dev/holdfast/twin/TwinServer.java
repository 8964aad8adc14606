package dev.holdfast.twin;

import dev.holdfast.twin.store.TwinSessions;
import dev.holdfast.twin.store.TwinSettings;
import dev.holdfast.twin.wire.HttpFront;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * AWS in memory, on a port of this machine. Any AWS client can call it.
 *
 * <p>The access key of a call selects the account (twelve digits, or any text that ends with {@code -} and twelve
 * digits). The signature's credential scope selects the region. The twin does not check signatures.
 */
public final class TwinServer implements AutoCloseable {
    private final TwinOptions options;
    private final Map<String, TwinAccount> accounts = new ConcurrentHashMap<>();
    private final TwinLog log = new TwinLog();
    private final TwinSessions sessions = new TwinSessions();
    private final TwinFaults faults;
    private final HttpFront http;

    private TwinServer(TwinOptions options) throws IOException {
        this.options = options;
        faults = new TwinFaults(options.seed(), options.clock());
        Gateway gateway = new Gateway(options.clock(), log, faults, this::account, sessions);
        http = new HttpFront(
                options.port(),
                (request, id) -> request.path().startsWith(TwinAdmin.PATH)
                        ? new TwinAdmin(this, options.clock()).handle(request)
                        : gateway.handle(request, id));
    }

    /** @throws IOException if the port is in use */
    public static TwinServer start(TwinOptions options) throws IOException {
        return new TwinServer(options);
    }

    public int port() {
        return http.port();
    }

    /** The endpoint override for clients. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /** @param id twelve digits; the first use creates the account */
    public TwinAccount account(String id) {
        return accounts.computeIfAbsent(
                id, x -> new TwinAccount(x, options.clock(), options.settings(), options.seed(), sessions));
    }

    /** The accounts that a request or a test has used. */
    public List<TwinAccount> accounts() {
        return List.copyOf(accounts.values());
    }

    public TwinFaults faults() {
        return faults;
    }

    public TwinSettings settings() {
        return options.settings();
    }

    public TwinLog log() {
        return log;
    }

    /**
     * The first exceptions that bugs of the twin, or of a hook or judge of a test, have thrown; the caller received
     * HTTP 500.
     */
    public List<Throwable> bugs() {
        return http.bugs();
    }

    @Override
    public void close() {
        http.close();
    }
}
