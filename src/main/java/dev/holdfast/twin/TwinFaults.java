package dev.holdfast.twin;

import dev.holdfast.twin.store.TwinErrors;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkPojo;

/**
 * The faults that a twin is told to have. Rules are asked in the order in which they were added; the first that stops a
 * request decides.
 *
 * <p>Which requests a probability hits depends on the seed, the rule, the operation and how often it was asked for, and
 * not on how threads interleave.
 */
public final class TwinFaults {
    private final long seed;
    private final Clock clock;
    private final List<Script> scripts = new CopyOnWriteArrayList<>();
    /** All that were ever added: the rules that are over or cleared too. */
    private final List<Script> added = new CopyOnWriteArrayList<>();

    private final Set<String> cutOff = ConcurrentHashMap.newKeySet();
    private final Set<String> wanted = ConcurrentHashMap.newKeySet();
    private volatile Consumer<LoggedRequest> afterWrite = request -> {};

    TwinFaults(long seed, Clock clock) {
        this.seed = seed;
        this.clock = clock;
    }

    /** What happens to a request before it is looked at. */
    sealed interface Verdict {
        /** @param delay in real time, before it goes on */
        record Proceed(Duration delay) implements Verdict {}

        record Refuse(AwsServiceException error) implements Verdict {}

        record Cut() implements Verdict {}
    }

    /** What happens to a write at the moment when it would take effect. */
    enum WriteVerdict {
        PROCEED,
        CUT_BEFORE,
        CUT_AFTER
    }

    /** A rule and what has become of it. */
    private static final class Script {
        private final FaultRule rule;
        private final Map<String, Integer> asked = new HashMap<>();
        private final Map<String, Bucket> buckets = new HashMap<>();
        private int hits;
        private int writes;
        private volatile boolean happened;

        private Script(FaultRule rule) {
            this.rule = rule;
        }

        private synchronized boolean hits(String operation, long seed) {
            Integer most = rule.times();
            if (most != null && hits >= most) {
                return false;
            }
            int nth = asked.merge(operation, 1, Integer::sum);
            long mixed = seed * 31 + operation.hashCode() * 1_000_003L + nth;
            if (rule.probability() < 1 && new SplittableRandom(mixed).nextDouble() >= rule.probability()) {
                return false;
            }
            hits++;
            happened = true;
            return true;
        }

        private synchronized boolean takes(String of, TwinFault.Limit limit, Instant now) {
            return buckets.computeIfAbsent(of, x -> new Bucket(limit.burst(), now))
                    .take(limit, now);
        }

        /** Counts a write. @return whether it is the n-th */
        private synchronized boolean writes(int n) {
            boolean isNth = ++writes == n;
            happened |= isNth;
            return isNth;
        }
    }

    private static final class Bucket {
        private double tokens;
        private Instant filled;

        private Bucket(double tokens, Instant filled) {
            this.tokens = tokens;
            this.filled = filled;
        }

        private boolean take(TwinFault.Limit limit, Instant now) {
            double seconds = Duration.between(filled, now).toNanos() / 1e9;
            tokens = Math.min(limit.burst(), tokens + seconds * limit.rate());
            filled = now;
            if (tokens < 1) {
                return false;
            }
            tokens--;
            return true;
        }
    }

    public TwinFaults add(FaultRule rule) {
        Script script = new Script(rule);
        added.add(script);
        scripts.add(script);
        return this;
    }

    /** @param operation with {@code *}: {@code ec2:Describe*} */
    public TwinFaults add(String operation, TwinFault fault) {
        return add(FaultRule.on(operation, fault));
    }

    /** All goes well again, and callers that were cut off are let in again. The hook stays. */
    public void clear() {
        scripts.clear();
        cutOff.clear();
    }

    public List<FaultRule> rules() {
        List<FaultRule> rules = new ArrayList<>();
        scripts.forEach(s -> rules.add(s.rule));
        return rules;
    }

    /**
     * The rules, cleared ones included, whose fault could have happened and has not. {@link TwinFault.AllowOnly} and
     * {@link TwinFault.Limit} are bounds, which callers may well keep.
     */
    public List<FaultRule> neverHappened() {
        return added.stream()
                .filter(s -> !s.happened
                        && s.rule.probability() > 0
                        && !(s.rule.fault() instanceof TwinFault.AllowOnly
                                || s.rule.fault() instanceof TwinFault.Limit))
                .map(s -> s.rule)
                .toList();
    }

    /** Every action of IAM that was wanted of a {@link TwinFault.AllowOnly}, allowed or not. */
    public Set<String> wantedActions() {
        return Set.copyOf(wanted);
    }

    /** @return whether a {@link TwinFault.CutAtWrite} has struck this access key */
    public boolean isCutOff(String caller) {
        return cutOff.contains(caller);
    }

    /** Called after each write that took effect, while its account is locked: what it sees then is what is. What it throws is logged. */
    public void afterWrite(Consumer<LoggedRequest> hook) {
        afterWrite = hook;
    }

    Consumer<LoggedRequest> afterWrite() {
        return afterWrite;
    }

    Verdict before(Gateway.Call call) {
        if (cutOff.contains(call.caller())) {
            return new Verdict.Cut();
        }
        Duration delay = Duration.ZERO;
        for (Script script : fitting(call)) {
            Verdict verdict = judge(script, call);
            if (verdict instanceof Verdict.Proceed(Duration longer)) {
                delay = delay.plus(longer);
            } else {
                return verdict;
            }
        }
        return new Verdict.Proceed(delay);
    }

    private Verdict judge(Script script, Gateway.Call call) {
        String operation = call.operation();
        Verdict fine = new Verdict.Proceed(Duration.ZERO);
        return switch (script.rule.fault()) {
            case TwinFault.Deny deny when hits(script, call) -> denied(call);
            case TwinFault.AllowOnly only when !allowed(only, operation) -> denied(call);
            case TwinFault.Throttle throttle
            when hits(script, call) -> new Verdict.Refuse(ServiceErrors.throttled(operation));
            case TwinFault.Limit limit
            when !script.takes(call.service(), limit, clock.instant()) ->
                new Verdict.Refuse(ServiceErrors.throttled(operation));
            case TwinFault.Refuse(int status, String code, String message)
            when hits(script, call) -> new Verdict.Refuse(TwinErrors.error(status, code, message));
            case TwinFault.Fail fail when hits(script, call) -> new Verdict.Refuse(ServiceErrors.failed(operation));
            case TwinFault.Cut cut when hits(script, call) -> new Verdict.Cut();
            case TwinFault.Latency(Duration longer) when hits(script, call) -> new Verdict.Proceed(longer);
            case TwinFault.Deny deny -> fine;
            case TwinFault.Refuse refuse -> fine;
            case TwinFault.AllowOnly only -> fine;
            case TwinFault.Throttle throttle -> fine;
            case TwinFault.Limit limit -> fine;
            case TwinFault.Fail fail -> fine;
            case TwinFault.Cut cut -> fine;
            case TwinFault.Latency latency -> fine;
            case TwinFault.CutAtWrite cut -> fine;
            case TwinFault.StaleRead stale -> fine;
        };
    }

    /** @return why the content of the request is refused: for lack of what {@link TwinFault.AllowOnly} does not allow; or null */
    @Nullable
    AwsServiceException refusal(Gateway.Call call, SdkPojo input) {
        for (Script script : fitting(call)) {
            if (script.rule.fault() instanceof TwinFault.AllowOnly only) {
                for (String action : IamActions.besides(call.operation(), input)) {
                    if (!allows(only, action)) {
                        return ServiceErrors.denied(
                                call.operation(),
                                action,
                                call.caller(),
                                call.account().id());
                    }
                }
            }
        }
        return null;
    }

    /** Counts the write; to be asked once for each, while its account is locked. */
    WriteVerdict beforeWrite(Gateway.Call call) {
        WriteVerdict verdict = WriteVerdict.PROCEED;
        for (Script script : fitting(call)) {
            if (script.rule.fault() instanceof TwinFault.CutAtWrite(int n, boolean takesEffect) && script.writes(n)) {
                cutOff.add(call.caller());
                verdict = takesEffect ? WriteVerdict.CUT_AFTER : WriteVerdict.CUT_BEFORE;
            }
        }
        return verdict;
    }

    /** @return how old a stale answer to this read may be; null if it is to be answered as things are */
    @Nullable
    Duration staleness(Gateway.Call call) {
        for (Script script : fitting(call)) {
            if (script.rule.fault() instanceof TwinFault.StaleRead(Duration maxAge) && hits(script, call)) {
                return maxAge;
            }
        }
        return null;
    }

    /** Whether answers to this read have to be remembered. */
    boolean remembers(Gateway.Call call) {
        return fitting(call).stream().anyMatch(s -> s.rule.fault() instanceof TwinFault.StaleRead);
    }

    private List<Script> fitting(Gateway.Call call) {
        return scripts.stream()
                .filter(s -> s.rule.fits(call.operation(), call.caller(), call.app()))
                .toList();
    }

    private boolean hits(Script script, Gateway.Call call) {
        return script.hits(call.operation(), seed * 31 + scripts.indexOf(script));
    }

    private static Verdict denied(Gateway.Call call) {
        return new Verdict.Refuse(ServiceErrors.denied(
                call.operation(), call.caller(), call.account().id()));
    }

    private boolean allowed(TwinFault.AllowOnly only, String operation) {
        return operation.equals("sts:GetCallerIdentity")
                || IamActions.of(operation).stream().allMatch(action -> allows(only, action));
    }

    private boolean allows(TwinFault.AllowOnly only, String action) {
        wanted.add(action);
        return only.actions().stream().anyMatch(glob -> FaultRule.matches(glob, action));
    }
}
