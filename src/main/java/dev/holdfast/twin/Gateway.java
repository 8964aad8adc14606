package dev.holdfast.twin;

import dev.holdfast.twin.wire.ErrorWriter;
import dev.holdfast.twin.wire.Operation;
import dev.holdfast.twin.wire.Outcome;
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
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;

/** AWS's front door: one request in, one answer out, and a line in the log. */
final class Gateway {
    private static final System.Logger LOG = System.getLogger(Gateway.class.getName());
    private static final Pattern APP = Pattern.compile("(?:^|\\s)app/(\\S+)");
    private static final Pattern READ =
            Pattern.compile("(Describe|List|Get|Head|BatchGet|Lookup|Simulate|Assume|Filter|Query|Scan)[A-Z].*");

    private final Router router = new Router(
            TwinServices.ALL.stream().map(e -> ServiceModel.of(e.type())).toList());
    private final Clock clock;
    private final TwinLog log;
    private final Function<String, TwinAccount> accounts;

    Gateway(Clock clock, TwinLog log, Function<String, TwinAccount> accounts) {
        this.clock = clock;
        this.log = log;
        this.accounts = accounts;
    }

    /** Who calls, from where, for what. */
    record Call(
            WireRequest request,
            Route route,
            String caller,
            @Nullable String app,
            TwinAccount account,
            String region) {
        boolean write() {
            String operation = route.operation();
            return !READ.matcher(operation.substring(operation.indexOf(':') + 1))
                    .matches();
        }
    }

    WireResponse handle(WireRequest request, String requestId) throws WireException {
        Signature signature = request.signature();
        String caller = signature == null ? "anonymous" : signature.accessKey();
        Call call = new Call(
                request,
                router.route(request),
                caller,
                app(request.header("User-Agent")),
                accounts.apply(Callers.accountOf(caller)),
                signature == null ? "us-east-1" : signature.region());
        Outcome outcome = carryOut(call);
        WireResponse reply = reply(call, outcome, requestId);
        log.add(new LoggedRequest(
                0,
                clock.instant(),
                caller,
                call.app(),
                call.account().id(),
                call.region(),
                call.route().operation(),
                call.write(),
                outcome instanceof Outcome.Answered,
                reply.status(),
                error(outcome)));
        return reply;
    }

    private static Outcome carryOut(Call call) {
        return switch (call.route()) {
            case Route.Nowhere nowhere -> new Outcome.Refused(nowhere.why());
            case Route.Found found -> {
                SdkPojo input;
                try {
                    input = RequestReader.read(found, call.request());
                } catch (WireException e) {
                    yield new Outcome.Refused(
                            TwinErrors.error(400, "SerializationException", String.valueOf(e.getMessage())));
                }
                Operation operation = found.target();
                synchronized (call.account().lock()) {
                    Object twin = call.account()
                            .service(call.region(), operation.service().api());
                    yield operation.call(twin, input, call.request().body());
                }
            }
        };
    }

    private static WireResponse reply(Call call, Outcome outcome, String requestId) {
        return switch (outcome) {
            case Outcome.Answered answered
            when call.route() instanceof Route.Found found ->
                ReplyWriter.write(found, call.request(), answered, requestId);
            case Outcome.Answered answered -> throw new IllegalStateException("an answer from nowhere: " + answered);
            case Outcome.Refused(AwsServiceException error) -> ErrorWriter.write(call.route(), error, requestId);
            case Outcome.Broken(Throwable bug) -> {
                LOG.log(
                        System.Logger.Level.ERROR,
                        "the twin is broken at " + call.route().operation(),
                        bug);
                yield ErrorWriter.write(
                        call.route(), TwinErrors.error(500, "InternalFailure", bug.toString()), requestId);
            }
        };
    }

    private static @Nullable String error(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answered answered -> null;
            case Outcome.Refused(AwsServiceException error) -> ErrorWriter.code(error);
            case Outcome.Broken broken -> "InternalFailure";
        };
    }

    private static @Nullable String app(@Nullable String userAgent) {
        Matcher matcher = APP.matcher(userAgent == null ? "" : userAgent);
        return matcher.find() ? matcher.group(1) : null;
    }
}
