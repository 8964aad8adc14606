package dev.holdfast.engine;

import dev.holdfast.model.Event;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Guard;
import dev.holdfast.plan.Presence;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.plan.Verdict;
import dev.holdfast.state.RequestAnswer;
import dev.holdfast.state.RequestedAct;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.StackMemory;
import dev.holdfast.state.StackState;
import dev.holdfast.state.UserRequest;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Carries out the requests of users in order. The changes of a request are written together with its answer, so that a
 * process that is killed at any moment neither repeats nor loses a request. Used by one thread.
 */
final class RequestHandler {
    private final StackState state;
    private final EventLog events;
    private final UserRequests requests;
    private final Clock clock;
    private final ApproverRule approvers;

    RequestHandler(StackState state, EventLog events, UserRequests requests, Clock clock, ApproverRule approvers) {
        this.approvers = approvers;
        this.state = state;
        this.events = events;
        this.requests = requests;
        this.clock = clock;
    }

    /** Whether a request can be carried out now. */
    boolean any(@Nullable Assessment assessment) {
        return requests.any(assessment != null);
    }

    /**
     * Carries out the requests that can be carried out now.
     *
     * @param assessment null if there is no plan yet; approvals and retries then wait for the plan
     * @param busy resources whose records a step is writing
     * @return resources that have to be tried again
     */
    Set<ResourceId> carryOut(@Nullable Assessment assessment, Predicate<ResourceId> busy) {
        return new Round(assessment, busy).carryOut(requests.open(assessment != null));
    }

    /** Carries out all requests although there is no plan. @param why the reason for the absence of a plan */
    void carryOutWithoutPlan(String why) {
        Round round = new Round(null, id -> false);
        round.noPlan = why;
        round.carryOut(requests.open(true));
    }

    private record DraftEvent(@Nullable ResourceId resource, Event.Severity severity, String reason, String message) {}

    /** The requests of one moment. */
    private final class Round {
        private final @Nullable Assessment assessment;
        private final Predicate<ResourceId> busy;
        private final Instant now = clock.instant();
        private final Map<String, Instant> approvals;
        private final Map<String, StackMemory.Pause> pauses;
        private final Set<ResourceId> retried = new HashSet<>();
        private final List<DraftEvent> said = new ArrayList<>();
        private final Map<String, RequestAnswer> answers = new HashMap<>();
        private String noPlan = "there is no plan";

        Round(@Nullable Assessment assessment, Predicate<ResourceId> busy) {
            this.assessment = assessment;
            this.busy = busy;
            approvals = new HashMap<>(state.memory().approvals());
            pauses = new HashMap<>(state.memory().pauses());
        }

        Set<ResourceId> carryOut(List<UserRequest> due) {
            Map<String, RequestAnswer> before = state.memory().answers();
            for (UserRequest request : due) {
                RequestAnswer answered = before.get(request.id());
                answers.put(request.id(), answered != null ? answered : answer(request));
            }
            if (!due.isEmpty()) {
                for (ResourceId id : retried) {
                    ResourceRecord record = state.record(id);
                    if (record != null && !busy.test(id)) {
                        state.save(record.triedAnew());
                    }
                }
                state.update(this::change);
                said.forEach(e -> events.add(e.resource(), e.severity(), e.reason(), e.message()));
                answers.values().forEach(requests::answered);
            }
            return retried;
        }

        private StackMemory change(StackMemory memory) {
            Map<String, RequestAnswer> kept = new HashMap<>(memory.answers());
            kept.keySet().retainAll(requests.known());
            kept.putAll(answers);
            return memory.approvals(approvals).pauses(pauses).answers(kept);
        }

        private RequestAnswer answer(UserRequest request) {
            return switch (request.act()) {
                case RequestedAct.Approve(List<String> steps) -> approve(request, steps);
                case RequestedAct.PauseUntil(ResourceId resource, Instant until, String reason) ->
                    pause(request, resource, until, reason);
                case RequestedAct.Resume(ResourceId resource) -> resume(request, resource);
                case RequestedAct.Retry(ResourceId resource) -> retry(request, resource);
                case RequestedAct.Reconcile reconcile -> reconcile(request);
            };
        }

        private RequestAnswer approve(UserRequest request, List<String> hashes) {
            Instant given = request.at().isBefore(now) ? request.at() : now;
            Instant until = given.plus(EngineConstants.APPROVAL);
            if (!now.isBefore(until)) {
                return refused(request, null, "the approval has expired: it was given at " + given);
            }
            String forbidden = approvers.refusal(state, request);
            if (forbidden != null) {
                return refused(request, null, forbidden);
            }
            if (assessment == null) {
                return refused(request, null, noPlan + ", so no step can be approved");
            }
            List<String> unknown = new ArrayList<>();
            for (String hash : hashes) {
                Step step = assessment.plan().steps().stream()
                        .filter(s -> s.hash().equals(hash))
                        .findFirst()
                        .orElse(null);
                if (step == null) {
                    unknown.add(hash);
                } else {
                    Verdict verdict = assessment.verdicts().get(step);
                    approvals.put(verdict != null && verdict.isAccessInUse() ? Guard.withdrawnNow(step) : hash, until);
                    report(
                            request,
                            step.resource(),
                            "Approved",
                            "approved the step " + hash + " (" + step.action() + ")");
                }
            }
            return unknown.isEmpty()
                    ? done(request, "approved: " + String.join(", ", hashes))
                    : refused(
                            request,
                            null,
                            "the plan has no step with the hash " + String.join(", ", unknown)
                                    + (unknown.size() < hashes.size() ? "; the other steps are approved" : ""));
        }

        private RequestAnswer pause(UserRequest request, @Nullable ResourceId resource, Instant until, String reason) {
            if (!now.isBefore(until)) {
                return refused(request, resource, "the pause ended at " + until + ", before the request was handled");
            }
            pauses.put(subject(resource), new StackMemory.Pause(request.at(), until, reason, request.by()));
            report(request, resource, "Paused", "paused " + named(resource) + " until " + until + ": " + reason);
            return done(request, named(resource) + " is paused until " + until);
        }

        private RequestAnswer resume(UserRequest request, @Nullable ResourceId resource) {
            if (pauses.remove(subject(resource)) == null) {
                return refused(request, resource, named(resource) + " was not paused");
            }
            report(request, resource, "Resumed", "resumed " + named(resource));
            return done(request, named(resource) + " is resumed");
        }

        private RequestAnswer retry(UserRequest request, ResourceId resource) {
            if (assessment == null || !assessment.resources().containsKey(resource)) {
                return refused(
                        request,
                        resource,
                        assessment == null
                                ? noPlan + ", so nothing can be retried"
                                : "the stack has no resource " + resource);
            }
            if (hasNothingToRetry(assessment, resource)) {
                return refused(
                        request, resource, "there is nothing to retry: no step of " + resource + " failed or is held");
            }
            retried.add(resource);
            report(request, resource, "Retried", "requested another attempt");
            return done(request, resource + " is retried");
        }

        private static boolean hasNothingToRetry(Assessment assessment, ResourceId resource) {
            ResourceAssessment one = assessment.resources().get(resource);
            return one != null
                    && one.history().rolloutFailed() == null
                    && !(one.presence() instanceof Presence.Unclear)
                    && assessment.plan().steps().stream()
                            .noneMatch(step -> step.resource().equals(resource));
        }

        private RequestAnswer reconcile(UserRequest request) {
            report(request, null, "ReconcileRequested", "requested a full pass");
            return done(request, "a full pass has begun, or begins within a second");
        }

        private void report(UserRequest request, @Nullable ResourceId resource, String reason, String what) {
            said.add(new DraftEvent(
                    resource, Event.Severity.Info, reason, request.by() + " " + what + ", at " + request.at()));
        }

        private RequestAnswer done(UserRequest request, String message) {
            return new RequestAnswer(request.id(), now, true, message);
        }

        private RequestAnswer refused(UserRequest request, @Nullable ResourceId resource, String message) {
            said.add(new DraftEvent(
                    resource,
                    Event.Severity.Warning,
                    "RequestRefused",
                    named(request.act()) + ", requested by " + request.by() + " at " + request.at() + ": " + message));
            return new RequestAnswer(request.id(), now, false, message);
        }
    }

    private static String named(RequestedAct act) {
        return switch (act) {
            case RequestedAct.Approve approve -> "approve";
            case RequestedAct.PauseUntil pause -> "pause";
            case RequestedAct.Resume resume -> "resume";
            case RequestedAct.Retry retry -> "retry";
            case RequestedAct.Reconcile reconcile -> "reconcile";
        };
    }

    private static String subject(@Nullable ResourceId resource) {
        return resource == null ? "*" : resource.toString();
    }

    private static String named(@Nullable ResourceId resource) {
        return resource == null ? "the stack" : resource.toString();
    }
}
