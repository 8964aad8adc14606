package dev.holdfast.twin;

import dev.holdfast.twin.cloudtrail.ApiCall;
import dev.holdfast.twin.cloudtrail.TwinCloudTrail;
import dev.holdfast.twin.store.LongPolling;
import dev.holdfast.twin.store.TwinErrors;
import dev.holdfast.twin.store.TwinSessions;
import dev.holdfast.twin.wire.ErrorWriter;
import dev.holdfast.twin.wire.Outcome;
import dev.holdfast.twin.wire.Outcome.Answered;
import dev.holdfast.twin.wire.Outcome.Broken;
import dev.holdfast.twin.wire.Outcome.Refused;
import dev.holdfast.twin.wire.ReplyWriter;
import dev.holdfast.twin.wire.RequestReader;
import dev.holdfast.twin.wire.Route;
import dev.holdfast.twin.wire.Router;
import dev.holdfast.twin.wire.ServiceModel;
import dev.holdfast.twin.wire.Signature;
import dev.holdfast.twin.wire.WireException;
import dev.holdfast.twin.wire.WireRequest;
import dev.holdfast.twin.wire.WireResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;

/** The entry point of the twin: one request in, one answer out (or none), and one entry in the log. */
final class Gateway {
    private static final System.Logger LOG = System.getLogger(Gateway.class.getName());
    private static final Pattern APP = Pattern.compile("(?:^|\\s)app/(\\S+)");
    private static final Pattern READ = Pattern.compile(
            "(Describe|List|Get|Head|BatchGet|Lookup|Simulate|Assume|Filter)[A-Z].*|(GET|HEAD) .*"
                    // the calls that move messages through a queue change no resource
                    + "|(Send|Receive|Delete|ChangeVisibility)Message(Batch|Visibility.*)?|ChangeMessageVisibility(Batch)?");

    /** All twins share one router: it depends only on classes, and it takes long to read the interfaces of the SDK. */
    private static final Router ROUTER = new Router(
            TwinServices.ALL.stream().map(e -> ServiceModel.of(e.type())).toList());

    /** The interval at which a call that waits is tried again. */
    private static final Duration GLANCE = Duration.ofMillis(20);

    private final StaleReads stale = new StaleReads();
    private final Clock clock;
    private final TwinLog log;
    private final TwinFaults faults;
    private final Function<String, TwinAccount> accounts;
    private final TwinSessions sessions;

    Gateway(
            Clock clock,
            TwinLog log,
            TwinFaults faults,
            Function<String, TwinAccount> accounts,
            TwinSessions sessions) {
        this.clock = clock;
        this.log = log;
        this.faults = faults;
        this.accounts = accounts;
        this.sessions = sessions;
    }

    /** One request with its caller, account, region and operation. */
    record TwinCall(
            WireRequest request,
            String id,
            Route route,
            String caller,
            @Nullable String app,
            TwinAccount account,
            String region) {

        String operation() {
            return route.operation();
        }

        boolean write() {
            String operation = operation();
            return !READ.matcher(operation.substring(operation.indexOf(':') + 1))
                    .matches();
        }

        /** The scope of AWS's rate limits. */
        String service() {
            return account.id() + "/" + region + "/"
                    + operation().substring(0, operation().indexOf(':'));
        }
    }

    /** @return null if the twin cuts the connection */
    @Nullable
    WireResponse handle(WireRequest request, String requestId) throws WireException {
        Signature signature = request.signature();
        String caller = signature == null ? "anonymous" : signature.accessKey();
        TwinCall call = new TwinCall(
                request,
                requestId,
                ROUTER.route(request),
                caller,
                app(request.header("User-Agent")),
                accounts.apply(sessions.accountOf(caller)),
                signature == null ? "us-east-1" : signature.region());
        return switch (faults.before(call)) {
            case TwinFaults.RequestVerdict.CutConnection cut -> cut(call, false);
            case TwinFaults.RequestVerdict.RefuseRequest(AwsServiceException error) ->
                finish(call, readable(call), new Refused(error));
            case TwinFaults.RequestVerdict.Proceed(Duration delay) -> pause(delay) ? proceed(call) : cut(call, false);
        };
    }

    private @Nullable WireResponse proceed(TwinCall call) {
        return switch (call.route()) {
            case Route.Nowhere nowhere -> finish(call, null, new Refused(nowhere.why()));
            case Route.Matched found -> {
                SdkPojo input;
                try {
                    input = RequestReader.read(found, call.request());
                } catch (WireException e) {
                    String message = String.valueOf(e.getMessage());
                    yield finish(call, null, new Refused(TwinErrors.refused("SerializationException", message)));
                }
                Set<String> ignored = found.target().ignored(input);
                if (!ignored.isEmpty()) {
                    String message = call.operation() + ": the twin does not have " + String.join(", ", ignored);
                    yield finish(call, null, new Refused(TwinErrors.error(501, "NotImplemented", message)));
                }
                AwsServiceException refusal = faults.refusal(call, input);
                if (refusal != null) {
                    yield finish(call, input, new Refused(refusal));
                }
                yield call.write() ? write(call, found, input) : look(call, found, input);
            }
        };
    }

    /** The input of a call that a fault refuses; null for a read and for a request that cannot be parsed. */
    private static @Nullable SdkPojo readable(TwinCall call) {
        try {
            return call.write() && call.route() instanceof Route.Matched found
                    ? RequestReader.read(found, call.request())
                    : null;
        } catch (WireException e) {
            return null;
        }
    }

    private @Nullable WireResponse look(TwinCall call, Route.Matched found, SdkPojo input) {
        Outcome outcome = read(call, found, input);
        Instant start = clock.instant();
        // a driven clock does not move during the wait, so that the loop would never end
        while (!(clock instanceof DrivenClock)
                && clock.instant().isBefore(start.plus(patience(call, found, input, outcome)))) {
            if (!pause(GLANCE)) {
                return cut(call, false);
            }
            outcome = read(call, found, input);
        }
        return finish(call, input, outcome);
    }

    private static Duration patience(TwinCall call, Route.Matched found, SdkPojo input, Outcome outcome) {
        return outcome instanceof Answered(SdkPojo answer, byte[] content)
                        && call.account()
                                        .service(
                                                call.region(),
                                                found.target().service().api())
                                instanceof LongPolling service
                ? service.patience(input, answer)
                : Duration.ZERO;
    }

    private Outcome read(TwinCall call, Route.Matched found, SdkPojo input) {
        Outcome outcome;
        synchronized (call.account().lock()) {
            outcome = carryOut(call, found, input);
        }
        return faults.remembers(call)
                ? stale.answer(call, input, outcome, clock.instant(), faults.staleness(call))
                : outcome;
    }

    /**
     * The log entry and the hook come under the same lock, so that the hook sees the state that this write has left.
     */
    private @Nullable WireResponse write(TwinCall call, Route.Matched found, SdkPojo input) {
        synchronized (call.account().lock()) {
            TwinFaults.WriteVerdict verdict = faults.beforeWrite(call);
            if (verdict == TwinFaults.WriteVerdict.CUT_BEFORE) {
                return cut(call, false);
            }
            call.account().beforeWrite();
            Outcome outcome = carryOut(call, found, input);
            if (verdict == TwinFaults.WriteVerdict.CUT_AFTER) {
                record(call, input, outcome);
                return cut(call, outcome instanceof Answered);
            }
            return finish(call, input, outcome);
        }
    }

    private static Outcome carryOut(TwinCall call, Route.Matched found, SdkPojo input) {
        Object twin =
                call.account().service(call.region(), found.target().service().api());
        return ScopedValue.where(TwinSessions.CALLER, call.caller())
                .call(() -> found.target().call(twin, input, call.request().body()));
    }

    /** @param input null if the request could not be parsed */
    private WireResponse finish(TwinCall call, @Nullable SdkPojo input, Outcome outcome) {
        record(call, input, outcome);
        return switch (outcome) {
            case Answered answered -> {
                if (!(call.route() instanceof Route.Matched found)) {
                    throw new IllegalStateException("an answer from nowhere");
                }
                WireResponse reply = ReplyWriter.write(found, call.request(), answered, call.id());
                log(call, true, reply.status(), null);
                yield reply;
            }
            case Refused(AwsServiceException error) -> refuse(call, error);
            case Broken(Throwable bug) -> {
                LOG.log(System.Logger.Level.ERROR, "the twin is broken at " + call.operation(), bug);
                yield refuse(call, TwinErrors.error(500, "InternalFailure", "A bug in the twin: " + bug));
            }
        };
    }

    /** Hands the call to CloudTrail, unless the twin refused the call for a reason that AWS does not know. */
    private static void record(TwinCall call, @Nullable SdkPojo input, Outcome outcome) {
        if (input == null || !call.write() || !(call.route() instanceof Route.Matched found)) {
            return;
        }
        ApiCall.Origin origin = new ApiCall.Origin(
                call.caller(),
                call.id(),
                Objects.requireNonNullElse(call.request().header("User-Agent"), "-"),
                Objects.requireNonNullElse(call.request().header("X-Forwarded-For"), "127.0.0.1"));
        ApiCall over = new ApiCall(
                found.target().service().prefix(),
                found.target().name(),
                origin,
                input,
                outcome instanceof Answered(SdkPojo answer, byte[] content) ? answer : null,
                outcome instanceof Refused(AwsServiceException error) ? error : null);
        if (over.output() != null || over.error() != null) {
            synchronized (call.account().lock()) {
                call.account().service(call.region(), TwinCloudTrail.class).record(over);
            }
        }
    }

    private WireResponse refuse(TwinCall call, AwsServiceException error) {
        WireResponse reply = ErrorWriter.write(call.route(), error, call.id());
        log(call, false, reply.status(), ErrorWriter.code(error));
        return reply;
    }

    private @Nullable WireResponse cut(TwinCall call, boolean tookEffect) {
        log(call, tookEffect, 0, "ConnectionCut");
        return null;
    }

    private void log(TwinCall call, boolean tookEffect, int status, @Nullable String error) {
        LoggedRequest logged = log.add(new LoggedRequest(
                0,
                clock.instant(),
                call.caller(),
                call.app(),
                call.account().id(),
                call.region(),
                call.operation(),
                call.write(),
                tookEffect,
                status,
                error));
        if (logged.write() && tookEffect) {
            faults.afterWrite().accept(logged);
        }
    }

    /** @return false if the server is closed during the pause */
    private static boolean pause(Duration delay) {
        if (delay.isZero()) {
            return true;
        }
        try {
            Thread.sleep(delay);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static @Nullable String app(@Nullable String userAgent) {
        Matcher matcher = APP.matcher(userAgent == null ? "" : userAgent);
        return matcher.find() ? matcher.group(1) : null;
    }
}
