package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.Event;
import dev.holdfast.model.Status;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An exception that nobody foresaw, in one step or in one kind, stops nothing else. */
class UnexpectedExceptionTest {
    @Test
    void inAStepItIsTheFailureOfThatStep() {
        MemoryStore store = new MemoryStore() {
            @Override
            public synchronized String put(String key, byte[] content) {
                if (key.endsWith("resources/Alarm/a0.json")) {
                    throw new IllegalStateException("nobody foresaw this");
                }
                return super.put(key, content);
            }
        };
        try (World world = new World().stateIn(store)) {
            world.desire(Docs.of(Docs.alarms(3, 1)));

            world.pass();
            world.run(Duration.ofSeconds(5));

            assertThat(world.status("Alarm/a0")).isEqualTo(Status.Failed);
            assertThat(world.status("Alarm/a1")).isEqualTo(Status.Synced);
            assertThat(world.status("Alarm/a2")).isEqualTo(Status.Synced);
            assertThat(world.events)
                    .anyMatch(e ->
                            e.reason().equals("CreateFailed") && e.message().contains("nobody foresaw this"));
        }
    }

    @Test
    void inAReadItMakesThatKindUnknown() {
        try (World world = new World()) {
            world.desire(Docs.of(
                            Docs.alarm("a", 1),
                            "{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'g'},'spec':{}}"))
                    .converged();
            world.withKinds(withBroken("Alarm"))
                    .desire(
                            Docs.of(
                                    Docs.alarm("a", 2),
                                    "{'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'g'},'spec':{'retentionInDays':7}}"));

            world.pass();

            assertThat(world.status("Alarm/a")).isEqualTo(Status.Unknown);
            assertThat(world.status("LogGroup/g")).isEqualTo(Status.Synced);
            assertThat(world.events)
                    .anyMatch(e -> e.severity() == Event.Severity.Alert
                            && e.reason().equals("ReadFailed")
                            && e.message().contains("Alarm"));
        }
    }

    private static KindCatalog withBroken(String name) {
        List<Kind<?>> kinds = new ArrayList<>(TestKinds.all().all().values());
        kinds.replaceAll(kind -> kind.info().name().equals(name) ? broken(kind) : kind);
        return new KindCatalog(kinds);
    }

    private static Kind<?> broken(Kind<?> kind) {
        return (Kind<?>) Proxy.newProxyInstance(
                Kind.class.getClassLoader(), new Class<?>[] {Kind.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("observe")) {
                        throw new IllegalStateException("nobody foresaw this");
                    }
                    try {
                        return method.invoke(kind, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
