package dev.holdfast.twin.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.sqs.TwinSqs;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.EventSettings;
import dev.holdfast.twin.store.EventSink;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinErrors;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinTags;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.CreateEventBusRequest;
import software.amazon.awssdk.services.eventbridge.model.CreateEventBusResponse;
import software.amazon.awssdk.services.eventbridge.model.DeleteEventBusRequest;
import software.amazon.awssdk.services.eventbridge.model.DeleteEventBusResponse;
import software.amazon.awssdk.services.eventbridge.model.DeleteRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.DeleteRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeEventBusRequest;
import software.amazon.awssdk.services.eventbridge.model.DescribeEventBusResponse;
import software.amazon.awssdk.services.eventbridge.model.DescribeRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.DescribeRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.DisableRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.DisableRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.EnableRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.EnableRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.LimitExceededException;
import software.amazon.awssdk.services.eventbridge.model.ListRulesRequest;
import software.amazon.awssdk.services.eventbridge.model.ListRulesResponse;
import software.amazon.awssdk.services.eventbridge.model.ListTargetsByRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.ListTargetsByRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;
import software.amazon.awssdk.services.eventbridge.model.PutRuleRequest;
import software.amazon.awssdk.services.eventbridge.model.PutRuleResponse;
import software.amazon.awssdk.services.eventbridge.model.PutTargetsRequest;
import software.amazon.awssdk.services.eventbridge.model.PutTargetsResponse;
import software.amazon.awssdk.services.eventbridge.model.RemoveTargetsRequest;
import software.amazon.awssdk.services.eventbridge.model.RemoveTargetsResponse;
import software.amazon.awssdk.services.eventbridge.model.ResourceAlreadyExistsException;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;
import software.amazon.awssdk.services.eventbridge.model.Rule;
import software.amazon.awssdk.services.eventbridge.model.RuleState;
import software.amazon.awssdk.services.eventbridge.model.Target;

/**
 * The twin of EventBridge: buses and their rules. It delivers events to queues, and to buses of the same account in
 * other regions. It stores other targets but delivers nothing to them. It has no background work: a queue receives an
 * event when the event happens, and hides it until it is due.
 */
public final class TwinEventBridge implements EventBridgeClient, TwinService, EventSink {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DEFAULT = "default";
    private static final Pattern BUS = Pattern.compile("arn:aws[a-z-]*:events:([a-z0-9-]+):(\\d{12}):event-bus/(.+)");
    private static final int PAGE = 100;
    private static final int MOST_TARGETS = 5;

    private final TwinContext context;
    /** The rules by bus and by name. */
    private final Map<String, Map<String, BusRule>> buses = new TreeMap<>(Map.of(DEFAULT, new TreeMap<>()));

    public TwinEventBridge(TwinContext context) {
        this.context = context;
    }

    @Override
    public boolean listening() {
        return rules(DEFAULT).values().stream().anyMatch(rule -> rule.active() != null);
    }

    @Override
    public void send(ServiceEvent event) {
        if (!listening()) {
            return;
        }
        EventSettings settings = context.settings().events();
        if (settings.losesNext()) {
            return;
        }
        ObjectNode whole = envelope(event.source(), event.detailType(), event.at(), event.resources());
        whole.set("detail", event.detail());
        Instant due = event.at().plus(context.settings().delay(Delay.EVENT)).plus(settings.late());
        int times = settings.twice() ? 2 : 1;
        for (int i = 0; i < times; i++) {
            route(DEFAULT, whole, due.plus(random(settings.jitter())), false);
        }
    }

    private Duration random(Duration most) {
        return most.isZero() ? most : Duration.ofMillis(context.random((int) most.toMillis() + 1));
    }

    private ObjectNode envelope(String source, String detailType, Instant at, List<String> resources) {
        ObjectNode event = JSON.createObjectNode()
                .put("version", "0")
                .put("id", context.uuid())
                .put("detail-type", detailType)
                .put("source", source)
                .put("account", context.account())
                .put("time", at.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("region", context.region());
        resources.forEach(event.putArray("resources")::add);
        return event;
    }

    /** @param forwarded whether another bus forwarded the event; such an event is not forwarded again */
    private void route(String bus, JsonNode event, Instant due, boolean forwarded) {
        for (BusRule rule : rules(bus).values()) {
            EventPattern pattern = rule.active();
            if (pattern != null && pattern.accepts(event)) {
                rule.targets.values().forEach(target -> deliver(rule, target, event, due, forwarded));
            }
        }
    }

    private void deliver(BusRule rule, Target target, JsonNode event, Instant due, boolean forwarded) {
        String[] arn = target.arn().split(":", 6);
        Matcher bus = BUS.matcher(target.arn());
        if (arn.length < 6 || !arn[4].equals(context.account())) {
            return;
        }
        if (arn[2].equals("sqs") && arn[3].equals(context.region())) {
            TwinSqs queues = context.peer(TwinSqs.class);
            if (QueuePolicy.admits(
                    queues.policyOf(target.arn()), target.arn(), rule.shape().arn())) {
                queues.deliver(target.arn(), TargetInput.of(target, event), due);
            }
        } else if (bus.matches() && !forwarded) {
            TwinEventBridge other = context.peerIn(bus.group(1), TwinEventBridge.class);
            if (other.buses.containsKey(bus.group(3))) {
                other.route(bus.group(3), event, due, true);
            }
        }
    }

    private Map<String, BusRule> rules(@Nullable String bus) {
        Map<String, BusRule> rules = buses.get(nameOf(bus));
        if (rules == null) {
            throw missing("Event bus " + bus + " does not exist.");
        }
        return rules;
    }

    private static String nameOf(@Nullable String bus) {
        return bus == null ? DEFAULT : bus.substring(bus.lastIndexOf('/') + 1);
    }

    private BusRule rule(@Nullable String bus, @Nullable String name) {
        BusRule rule = rules(bus).get(String.valueOf(name));
        if (rule == null) {
            throw missing("Rule " + name + " does not exist on EventBus " + nameOf(bus) + ".");
        }
        return rule;
    }

    private static AwsServiceException missing(String message) {
        return TwinErrors.named(ResourceNotFoundException.builder(), message);
    }

    private static AwsServiceException invalid(String message) {
        return TwinErrors.refused("ValidationException", message);
    }

    @Override
    public PutRuleResponse putRule(PutRuleRequest r) {
        String name = String.valueOf(r.name());
        if (!name.matches("[.\\-_A-Za-z0-9]{1,64}")) {
            throw invalid(
                    TwinErrors.violation(name, "name", "must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+"));
        }
        if (r.eventPattern() == null && r.scheduleExpression() == null) {
            throw invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.");
        }
        String bus = nameOf(r.eventBusName());
        if (r.scheduleExpression() != null && !bus.equals(DEFAULT)) {
            throw invalid("ScheduleExpression is supported only on the default event bus.");
        }
        Map<String, BusRule> rules = rules(bus);
        Rule shape = Rule.builder()
                .name(name)
                .arn(context.arn("events", "rule/" + (bus.equals(DEFAULT) ? "" : bus + "/") + name))
                .eventPattern(r.eventPattern())
                .scheduleExpression(r.scheduleExpression())
                .state(Objects.requireNonNullElse(r.state(), RuleState.ENABLED))
                .description(r.description())
                .roleArn(r.roleArn())
                .eventBusName(bus)
                .build();
        BusRule there = rules.get(name);
        if (there == null) {
            BusRule made = new BusRule(shape);
            made.tags.putAll(TwinTags.in(r));
            rules.put(name, made);
        } else {
            there.change(shape);
        }
        return PutRuleResponse.builder().ruleArn(shape.arn()).build();
    }

    @Override
    public DescribeRuleResponse describeRule(DescribeRuleRequest r) {
        Rule rule = rule(r.eventBusName(), r.name()).shape();
        return SdkShapes.copy(rule, DescribeRuleResponse.builder())
                .createdBy(context.account())
                .build();
    }

    @Override
    public ListRulesResponse listRules(ListRulesRequest r) {
        String prefix = Objects.requireNonNullElse(r.namePrefix(), "");
        List<Rule> found = rules(r.eventBusName()).values().stream()
                .map(BusRule::shape)
                .filter(rule -> rule.name().startsWith(prefix))
                .toList();
        return context.page(r, ListRulesResponse.builder(), found, PAGE);
    }

    @Override
    public EnableRuleResponse enableRule(EnableRuleRequest r) {
        state(rule(r.eventBusName(), r.name()), RuleState.ENABLED);
        return EnableRuleResponse.builder().build();
    }

    @Override
    public DisableRuleResponse disableRule(DisableRuleRequest r) {
        state(rule(r.eventBusName(), r.name()), RuleState.DISABLED);
        return DisableRuleResponse.builder().build();
    }

    private static void state(BusRule rule, RuleState state) {
        rule.change(rule.shape().toBuilder().state(state).build());
    }

    /** The deletion of a missing rule is no error. @param r {@code force} deletes rules that an AWS service manages */
    @Override
    public DeleteRuleResponse deleteRule(DeleteRuleRequest r) {
        Map<String, BusRule> rules = rules(r.eventBusName());
        BusRule rule = rules.get(String.valueOf(r.name()));
        if (rule != null && !rule.targets.isEmpty()) {
            throw invalid("Rule can't be deleted since it has targets.");
        }
        rules.remove(String.valueOf(r.name()));
        return DeleteRuleResponse.builder().build();
    }

    @Override
    public PutTargetsResponse putTargets(PutTargetsRequest r) {
        BusRule rule = rule(r.eventBusName(), r.rule());
        Map<String, Target> after = new LinkedHashMap<>(rule.targets);
        r.targets().forEach(target -> after.put(target.id(), target));
        if (after.size() > MOST_TARGETS) {
            throw TwinErrors.named(
                    LimitExceededException.builder(), "The requested resource exceeds the maximum number allowed.");
        }
        for (Target target : r.targets()) {
            if (!String.valueOf(target.arn()).startsWith("arn:")) {
                throw invalid(
                        "Parameter " + target.arn() + " is not valid. Reason: Provided Arn is not in correct format.");
            }
            if (BUS.matcher(target.arn()).matches() && target.roleArn() == null) {
                throw invalid("RoleArn is required for target " + target.arn() + ".");
            }
        }
        rule.targets.putAll(after);
        return PutTargetsResponse.builder()
                .failedEntryCount(0)
                .failedEntries(List.of())
                .build();
    }

    @Override
    public RemoveTargetsResponse removeTargets(RemoveTargetsRequest r) {
        rule(r.eventBusName(), r.rule()).targets.keySet().removeAll(r.ids());
        return RemoveTargetsResponse.builder()
                .failedEntryCount(0)
                .failedEntries(List.of())
                .build();
    }

    @Override
    public ListTargetsByRuleResponse listTargetsByRule(ListTargetsByRuleRequest r) {
        List<Target> targets =
                List.copyOf(rule(r.eventBusName(), r.rule()).targets.values());
        return context.page(r, ListTargetsByRuleResponse.builder(), targets, PAGE);
    }

    /** An event of a caller is delivered at once and exactly once. */
    @Override
    public PutEventsResponse putEvents(PutEventsRequest r) {
        List<PutEventsResultEntry> results = new ArrayList<>();
        int failed = 0;
        for (PutEventsRequestEntry entry : r.entries()) {
            String problem = OwnEvent.problem(entry, buses.containsKey(nameOf(entry.eventBusName())));
            if (problem != null) {
                failed++;
                results.add(PutEventsResultEntry.builder()
                        .errorCode(problem.startsWith("Parameter Detail") ? "MalformedDetail" : "InvalidArgument")
                        .errorMessage(problem)
                        .build());
                continue;
            }
            Instant at = Objects.requireNonNullElse(entry.time(), context.now());
            ObjectNode event = envelope(entry.source(), entry.detailType(), at, entry.resources());
            event.set("detail", OwnEvent.detail(entry));
            route(nameOf(entry.eventBusName()), event, context.now(), false);
            results.add(PutEventsResultEntry.builder()
                    .eventId(event.path("id").asText())
                    .build());
        }
        return PutEventsResponse.builder()
                .failedEntryCount(failed)
                .entries(results)
                .build();
    }

    @Override
    public CreateEventBusResponse createEventBus(CreateEventBusRequest r) {
        if (buses.putIfAbsent(nameOf(r.name()), new TreeMap<>()) != null) {
            throw TwinErrors.named(
                    ResourceAlreadyExistsException.builder(), "Event bus " + r.name() + " already exists.");
        }
        return CreateEventBusResponse.builder().eventBusArn(busArn(r.name())).build();
    }

    @Override
    public DeleteEventBusResponse deleteEventBus(DeleteEventBusRequest r) {
        if (nameOf(r.name()).equals(DEFAULT)) {
            throw invalid("Cannot delete event bus default.");
        }
        buses.remove(nameOf(r.name()));
        return DeleteEventBusResponse.builder().build();
    }

    @Override
    public DescribeEventBusResponse describeEventBus(DescribeEventBusRequest r) {
        String name = nameOf(r.name());
        rules(name);
        return DescribeEventBusResponse.builder().name(name).arn(busArn(name)).build();
    }

    private String busArn(String name) {
        return context.arn("events", "event-bus/" + name);
    }

    @Override
    public List<TwinItem> inventory() {
        return buses.values().stream()
                .flatMap(rules -> rules.values().stream())
                .map(rule -> new TwinItem(
                        "events:rule",
                        rule.shape().name(),
                        rule.shape().arn(),
                        rule.tags,
                        rule.shape().toString() + rule.targets))
                .toList();
    }
}
