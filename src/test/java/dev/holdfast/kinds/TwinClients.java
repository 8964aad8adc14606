package dev.holdfast.kinds;

import dev.holdfast.aws.Clients;
import dev.holdfast.kind.StackRef;
import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.store.TwinSettings;
import java.lang.reflect.InvocationTargetException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;

/** The in-process clients of one account of a twin, which note every call. */
public abstract class TwinClients implements Clients {
    public final TwinSettings settings = new TwinSettings();
    public final DrivenClock clock = new DrivenClock(Instant.parse("2026-01-01T00:00:00Z"));
    public final TwinAccount twin;
    public final StackRef stack = new StackRef("test", "dev", "123456789012", "eu-west-2");

    /** SDK methods that kinds have called, in order. */
    public final List<String> calls = new ArrayList<>();

    /** @param shared a twin that others use too; null: a twin of its own */
    protected TwinClients(@Nullable TwinAccount shared) {
        twin = shared != null ? shared : new TwinAccount("123456789012", clock, settings, 1);
    }

    /** The client that receives the calls to a client of this type. */
    protected SdkClient target(Class<? extends SdkClient> type) {
        return twin.service(region(), type);
    }

    /** The name under which a call is noted. */
    protected String noted(String method) {
        return method;
    }

    @Override
    public final String account() {
        return twin.id();
    }

    @Override
    public final String region() {
        return stack.region();
    }

    @Override
    public final Clients in(String region) {
        return this;
    }

    @Override
    public final <C extends SdkClient> C client(Class<C> type) {
        SdkClient target = target(type);
        return InterceptedClient.of(type, (proxy, method, args) -> {
            calls.add(noted(method.getName()));
            try {
                return method.invoke(target, args);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }
}
