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
 * The faults that a test or the HTTP control interface has added to a twin. The twin checks the rules in the order in
 * which they were added; the first rule that stops a request decides.
 *
 * <p>The hits of a probability depend on the seed, the rule, the operation and the number of earlier requests for it.
 * They do not depend on the order in which threads run.
 */
public final class TwinFaults {
    private final long seed;
    private final Clock clock;
    private final List<ActiveRule> activeRules = new CopyOnWriteArrayList<>();
    /** All rules that were ever added, including those that ended or were cleared. */
    private final List<ActiveRule> added = new CopyOnWriteArrayList<>();

    private final Set<String> cutOff = ConcurrentHashMap.newKeySet();
    private final Set<String> wanted = ConcurrentHashMap.newKeySet();
    private final Map<String, CallJudge> judges = new ConcurrentHashMap<>();
    private volatile Consumer<LoggedRequest> afterWrite = request -> {};

    TwinFaults(long seed, Clock clock) {
        this.seed = seed;
        this.clock = clock;
    }

    /** The effect of faults on a request before it is read. */
    sealed interface RequestVerdict {
        /** @param delay the real time to wait before the request is carried out */
        record Proceed(Duration delay) implements RequestVerdict {}

        record RefuseRequest(AwsServiceException error) implements RequestVerdict {}

        record CutConnection() implements RequestVerdict {}
    }

    /** The effect of faults on a write at the moment when it would take effect. */
    enum WriteVerdict {
        PROCEED,
        CUT_BEFORE,
        CUT_AFTER
    }

    /** A rule and its counters. */
    private static final class ActiveRule {
        private final TwinFaultRule rule;
        private final Map<String, Integer> asked = new HashMap<>();
        private final Map<String, Bucket> buckets = new HashMap<>();
        private int hits;
        private int writes;
        private volatile boolean happened;

        private ActiveRule(TwinFaultRule rule) {
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

        /** Counts a write. @return whether this write is the n-th */
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

    public TwinFaults add(TwinFaultRule rule) {
        ActiveRule active = new ActiveRule(rule);
        added.add(active);
        activeRules.add(active);
        return this;
    }

    /** @param operation {@code *} matches any text: {@code ec2:Describe*} */
    public TwinFaults add(String operation, TwinFault fault) {
        return add(TwinFaultRule.on(operation, fault));
    }

    /** Puts a cleared rule in force again. Its counters and the record that its fault happened stay. */
    public TwinFaults again(TwinFaultRule rule) {
        added.stream()
                .filter(s -> s.rule.equals(rule) && !activeRules.contains(s))
                .forEach(activeRules::add);
        return this;
    }

    /** Removes a rule whose fault need not happen, so that {@link #neverHappened()} does not list it. */
    public TwinFaults withdraw(TwinFaultRule rule) {
        activeRules.removeIf(s -> s.rule.equals(rule));
        added.removeIf(s -> s.rule.equals(rule));
        return this;
    }

    /** Clears all rules and lets callers that were cut off in again. The hook and the judges stay. */
    public void clear() {
        activeRules.clear();
        cutOff.clear();
    }

    public List<TwinFaultRule> rules() {
        List<TwinFaultRule> rules = new ArrayList<>();
        activeRules.forEach(s -> rules.add(s.rule));
        return rules;
    }

    /**
     * The rules, cleared ones included, whose fault could have happened and has not. {@link TwinFault.AllowOnly} and
     * {@link TwinFault.Limit} are not listed: they are bounds, and a caller may stay within them.
     */
    public List<TwinFaultRule> neverHappened() {
        return added.stream()
                .filter(s -> !s.happened
                        && s.rule.probability() > 0
                        && !(s.rule.fault() instanceof TwinFault.AllowOnly
                                || s.rule.fault() instanceof TwinFault.Limit))
                .map(s -> s.rule)
                .toList();
    }

    /** Every IAM action that a {@link TwinFault.AllowOnly} has checked, allowed or not. */
    public Set<String> wantedActions() {
        return Set.copyOf(wanted);
    }

    /** @return whether a {@link TwinFault.CutAtWrite} has cut off this access key */
    public boolean isCutOff(String caller) {
        return cutOff.contains(caller);
    }

    /**
     * Sets a hook that runs after each write that took effect. The account is locked meanwhile, so that the hook sees
     * the state that the write has left. An exception of the hook is logged.
     */
    public void afterWrite(Consumer<LoggedRequest> hook) {
        afterWrite = hook;
    }

    /** The twin carries out a call of this access key only if the judge finds no missing permission. */
    public TwinFaults judge(String caller, CallJudge judge) {
        judges.put(caller, judge);
        return this;
    }

    Consumer<LoggedRequest> afterWrite() {
        return afterWrite;
    }

    RequestVerdict before(Gateway.TwinCall call) {
        if (cutOff.contains(call.caller())) {
            return new RequestVerdict.CutConnection();
        }
        Duration delay = Duration.ZERO;
        for (ActiveRule active : fitting(call)) {
            RequestVerdict verdict = judge(active, call);
            if (verdict instanceof RequestVerdict.Proceed(Duration longer)) {
                delay = delay.plus(longer);
            } else {
                return verdict;
            }
        }
        return new RequestVerdict.Proceed(delay);
    }

    private RequestVerdict judge(ActiveRule active, Gateway.TwinCall call) {
        String operation = call.operation();
        RequestVerdict proceed = new RequestVerdict.Proceed(Duration.ZERO);
        return switch (active.rule.fault()) {
            case TwinFault.Deny deny -> hits(active, call) ? denied(call) : proceed;
            case TwinFault.AllowOnly only -> allowed(only, operation) ? proceed : denied(call);
            case TwinFault.Throttle throttle -> hits(active, call) ? throttled(operation) : proceed;
            case TwinFault.Limit limit ->
                active.takes(call.service(), limit, clock.instant()) ? proceed : throttled(operation);
            case TwinFault.Refuse(int status, String code, String message) ->
                hits(active, call)
                        ? new RequestVerdict.RefuseRequest(TwinErrors.error(status, code, message))
                        : proceed;
            case TwinFault.Fail fail ->
                hits(active, call) ? new RequestVerdict.RefuseRequest(ServiceErrors.failed(operation)) : proceed;
            case TwinFault.Cut cut -> hits(active, call) ? new RequestVerdict.CutConnection() : proceed;
            case TwinFault.Latency(Duration longer) ->
                hits(active, call) ? new RequestVerdict.Proceed(longer) : proceed;
            case TwinFault.CutAtWrite cut -> proceed;
            case TwinFault.StaleRead stale -> proceed;
        };
    }

    private static RequestVerdict throttled(String operation) {
        return new RequestVerdict.RefuseRequest(ServiceErrors.throttled(operation));
    }

    /**
     * @return the error for a permission that a judge or {@link TwinFault.AllowOnly} requires; null permits the call
     */
    @Nullable
    AwsServiceException refusal(Gateway.TwinCall call, SdkPojo input) {
        CallJudge judge = judges.get(call.caller());
        if (judge != null) {
            String operation = call.operation();
            String account = call.account().id();
            List<String> besides = IamActions.besides(operation, input);
            String lacks = judge.lacks(
                    new JudgedCall(operation, IamActions.of(operation), besides, input, account, call.region()));
            if (lacks != null) {
                return ServiceErrors.denied(operation, lacks, call.caller(), account);
            }
        }
        for (ActiveRule active : fitting(call)) {
            if (active.rule.fault() instanceof TwinFault.AllowOnly only) {
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

    /** Counts the write. The caller invokes this once for each write, while the account is locked. */
    WriteVerdict beforeWrite(Gateway.TwinCall call) {
        WriteVerdict verdict = WriteVerdict.PROCEED;
        for (ActiveRule active : fitting(call)) {
            if (active.rule.fault() instanceof TwinFault.CutAtWrite(int n, boolean takesEffect) && active.writes(n)) {
                cutOff.add(call.caller());
                verdict = takesEffect ? WriteVerdict.CUT_AFTER : WriteVerdict.CUT_BEFORE;
            }
        }
        return verdict;
    }

    /** @return the permitted age of a stale answer to this read; null if the true answer is required */
    @Nullable
    Duration staleness(Gateway.TwinCall call) {
        for (ActiveRule active : fitting(call)) {
            if (active.rule.fault() instanceof TwinFault.StaleRead(Duration maxAge) && hits(active, call)) {
                return maxAge;
            }
        }
        return null;
    }

    /** Whether a rule needs the earlier answers to this read. */
    boolean remembers(Gateway.TwinCall call) {
        return fitting(call).stream().anyMatch(s -> s.rule.fault() instanceof TwinFault.StaleRead);
    }

    private List<ActiveRule> fitting(Gateway.TwinCall call) {
        return activeRules.stream()
                .filter(s -> s.rule.fits(call.operation(), call.caller(), call.app()))
                .toList();
    }

    private boolean hits(ActiveRule active, Gateway.TwinCall call) {
        return active.hits(call.operation(), seed * 31 + activeRules.indexOf(active));
    }

    private static RequestVerdict denied(Gateway.TwinCall call) {
        return new RequestVerdict.RefuseRequest(ServiceErrors.denied(
                call.operation(), call.caller(), call.account().id()));
    }

    private boolean allowed(TwinFault.AllowOnly only, String operation) {
        return operation.equals("sts:GetCallerIdentity")
                || IamActions.of(operation).stream().allMatch(action -> allows(only, action));
    }

    private boolean allows(TwinFault.AllowOnly only, String action) {
        wanted.add(action);
        return only.actions().stream().anyMatch(glob -> TwinFaultRule.matches(glob, action));
    }
}
