package dev.holdfast.twin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.holdfast.twin.ecs.TwinEcs;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.EventSettings;
import dev.holdfast.twin.store.ScalableResources;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.wire.WireException;
import dev.holdfast.twin.wire.WireRequest;
import dev.holdfast.twin.wire.WireResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The twin's own HTTP interface, in JSON, under {@value #PATH}. */
final class TwinAdmin {
    static final String PATH = "/_twin/";
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .build();

    private final TwinServer twin;
    private final Clock clock;

    TwinAdmin(TwinServer twin, Clock clock) {
        this.twin = twin;
        this.clock = clock;
    }

    record FaultScript(List<TwinFaultRule> rules) {}

    record Settings(
            @Nullable Double speed,
            @Nullable Integer pageSize,
            @Nullable Map<Delay, Duration> delays,
            @Nullable Events events) {}

    /** A field that is null changes nothing. */
    record Events(
            @Nullable Boolean trail,
            @Nullable Boolean twice,
            @Nullable Integer loseEvery,
            @Nullable Duration jitter,
            @Nullable Duration late) {
        void set(EventSettings settings) {
            if (trail != null) {
                settings.trail(trail);
            }
            if (twice != null) {
                settings.twice(twice);
            }
            if (loseEvery != null) {
                settings.loseEvery(loseEvery);
            }
            if (jitter != null) {
                settings.jitter(jitter);
            }
            if (late != null) {
                settings.late(late);
            }
        }
    }

    /** @param resourceId such as {@code service/cluster/name} */
    record Scale(String account, String region, String resourceId, int count) {}

    record Retirement(String account, String region, Duration ahead) {}

    record InventoryEntry(String account, TwinItem item) {}

    record Counts(long total, long writes, Map<String, Long> byOperation) {}

    WireResponse handle(WireRequest request) throws WireException {
        try {
            return switch (request.method() + " " + request.path().substring(PATH.length())) {
                case "GET health" -> reply(Map.of("status", "UP", "now", clock.instant()));
                case "GET inventory" -> reply(Map.of("items", inventory(request.queryValue("account"))));
                case "GET requests" -> reply(Map.of("items", requests(request)));
                case "GET counts" -> reply(counts(request));
                case "POST reset-counts" -> done(twin.log()::reset);
                case "GET faults" -> reply(new FaultScript(twin.faults().rules()));
                case "GET cut-off" ->
                    reply(Map.of("cutOff", twin.faults().isCutOff(String.valueOf(request.queryValue("caller")))));
                case "POST faults" -> addFaults(read(request, FaultScript.class));
                case "DELETE faults" -> done(twin.faults()::clear);
                case "POST settings" -> change(read(request, Settings.class));
                case "POST scale" -> scale(read(request, Scale.class));
                case "POST fargate-retirement" -> retire(read(request, Retirement.class));
                case "POST clock" -> advance(read(request, JsonNode.class));
                default -> problem(404, "the twin has no " + request.method() + " " + request.path());
            };
        } catch (JsonProcessingException e) {
            throw new WireException(e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<InventoryEntry> inventory(@Nullable String account) {
        List<InventoryEntry> all = new ArrayList<>();
        for (TwinAccount a : twin.accounts()) {
            if (account == null || account.equals(a.id())) {
                a.inventory().forEach(item -> all.add(new InventoryEntry(a.id(), item)));
            }
        }
        return all;
    }

    /** Accepts {@code ?after=sequence} and {@code ?writes=true}. */
    private List<LoggedRequest> requests(WireRequest request) throws WireException {
        long after = number(Objects.requireNonNullElse(request.queryValue("after"), "0"));
        boolean writes = "true".equals(request.queryValue("writes"));
        return twin.log().requests().stream()
                .filter(r -> r.sequence() > after && (r.write() || !writes))
                .toList();
    }

    /** Accepts {@code ?caller=key} and {@code ?app=name}. */
    private Counts counts(WireRequest request) {
        String caller = request.queryValue("caller");
        String app = request.queryValue("app");
        Predicate<TwinLog.Counted> asked =
                c -> (caller == null || caller.equals(c.caller())) && (app == null || app.equals(c.app()));
        return new Counts(
                twin.log().count(asked),
                twin.log().count(asked.and(TwinLog.Counted::write)),
                twin.log().counts(asked));
    }

    private WireResponse addFaults(FaultScript script) {
        script.rules().forEach(twin.faults()::add);
        return reply(new FaultScript(twin.faults().rules()));
    }

    private WireResponse change(Settings settings) {
        if (settings.speed() != null) {
            twin.settings().speed(settings.speed());
        }
        if (settings.pageSize() != null) {
            twin.settings().pageSize(settings.pageSize());
        }
        if (settings.delays() != null) {
            settings.delays().forEach(twin.settings()::delay);
        }
        if (settings.events() != null) {
            settings.events().set(twin.settings().events());
        }
        return done(() -> {});
    }

    /** Acts as Application Auto Scaling, which sets the number of tasks of an ECS service. */
    private WireResponse scale(Scale scale) {
        TwinAccount account = twin.account(scale.account());
        synchronized (account.lock()) {
            account.service(scale.region(), ScalableResources.class).scale(scale.resourceId(), scale.count());
        }
        return reply(Map.of());
    }

    /** Acts as AWS Health, which announces the retirement of all tasks. */
    private WireResponse retire(Retirement retirement) {
        TwinAccount account = twin.account(retirement.account());
        synchronized (account.lock()) {
            account.service(retirement.region(), TwinEcs.class).announceRetirement(retirement.ahead());
        }
        return reply(Map.of());
    }

    private WireResponse advance(JsonNode body) throws WireException {
        if (!(clock instanceof DrivenClock driven)) {
            return problem(409, "the twin runs on a clock that cannot be advanced; start it with a DrivenClock");
        }
        try {
            Instant now = driven.advance(Duration.parse(body.path("advance").asText()));
            return reply(Map.of("now", now));
        } catch (DateTimeException e) {
            throw new WireException("advance must be an ISO 8601 duration, such as PT10S", e);
        }
    }

    private static <T> T read(WireRequest request, Class<T> type) throws IOException, WireException {
        T value = JSON.readValue(request.body(), type);
        if (value == null) {
            throw new WireException("the body must be a JSON object");
        }
        return value;
    }

    private static long number(String text) throws WireException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new WireException("the query parameter must be a number, but is " + text, e);
        }
    }

    private static WireResponse done(Runnable change) {
        change.run();
        return reply(Map.of());
    }

    private static WireResponse problem(int status, String detail) {
        return json(status, "application/problem+json", Map.of("status", status, "detail", detail));
    }

    private static WireResponse reply(Object body) {
        return json(200, "application/json", body);
    }

    private static WireResponse json(int status, String type, Object body) {
        try {
            return WireResponse.of(status, type, JSON.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
