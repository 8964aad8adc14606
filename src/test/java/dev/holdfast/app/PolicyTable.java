package dev.holdfast.app;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.app.IamEvaluator.RequestContext;
import dev.holdfast.aws.Operations;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Each writing action of a stack's policy, evaluated on the stack's own resources and on foreign ones: with another
 * name, with a name like ours and another stack's tag, and with a name like ours and no tag.
 */
final class PolicyTable {
    private static final String OWNER = "inst/prod";
    private static final Pattern CREATES =
            Pattern.compile("\\w+:(Create|Allocate|Request)(?!Tags)[A-Z]\\w*|ecs:RegisterTaskDefinition");
    private static final Set<String> ONE_TYPE = Set.of("sns", "s3");

    /** Whether a call on a resource is allowed. */
    enum Verdict {
        /** The call creates its resource, so that there is no foreign resource. */
        NONE("—"),
        DENIED("denied"),
        /** Only in a call that also concerns a resource of the stack. */
        BESIDE("beside our own"),
        ALLOWED("allowed");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }
    }

    record Row(String action, boolean own, Verdict stranger, Verdict namesake, Verdict untagged) {
        /** Whether a foreign resource is out of reach, whatever its name. */
        boolean bounded() {
            return EnumSet.of(Verdict.NONE, Verdict.DENIED).containsAll(EnumSet.of(stranger, namesake, untagged));
        }
    }

    record Facts(Set<String> keys, List<String> resources) {}

    private final List<PolicyStatement> statements;
    private final IamEvaluator evaluator;
    private final Map<String, Facts> facts;

    PolicyTable(List<PolicyStatement> statements) throws IOException {
        this.statements = statements;
        this.evaluator = new IamEvaluator(PolicySplitter.split(statements));
        try (InputStream in = PolicyTable.class.getResourceAsStream("/iam/service-authorization.json")) {
            facts = new ObjectMapper().readValue(in, new TypeReference<>() {});
        }
    }

    List<Row> rows() {
        Set<String> actions = new TreeSet<>();
        statements.stream().filter(PolicyStatement::allows).forEach(s -> actions.addAll(s.actions()));
        return actions.stream()
                .filter(a -> Operations.isWrite(a.substring(a.indexOf(':') + 1)))
                .map(this::row)
                .toList();
    }

    private Row row(String action) {
        List<String> own = own(action);
        return new Row(
                action,
                own.stream().anyMatch(arn -> any(action, arn, ours(action)) || any(action, arn, made(action))),
                verdict(action, strangers(action), theirs(action)),
                verdict(action, own, theirs(action)),
                verdict(action, own, untagged(action)));
    }

    private Verdict verdict(String action, List<String> arns, List<Map<String, List<String>>> contexts) {
        Set<String> guarded = new TreeSet<>(types(action, PolicyTable::byStack));
        guarded.removeAll(types(action, s -> !byStack(s)));
        guarded.retainAll(strangers(action).stream().map(PolicyTable::type).toList());
        Set<String> made = CREATES.matcher(action).matches() ? types(action, PolicyTable::makes) : Set.of();
        Verdict worst = made.isEmpty() ? Verdict.DENIED : Verdict.NONE;
        for (String arn : arns) {
            if (made.contains(type(arn))) {
                continue;
            }
            Verdict allowed = guarded.isEmpty() || guarded.contains(type(arn)) ? Verdict.ALLOWED : Verdict.BESIDE;
            Verdict verdict = any(action, arn, contexts) ? allowed : Verdict.DENIED;
            worst = verdict.compareTo(worst) > 0 ? verdict : worst;
        }
        return worst;
    }

    private static boolean byStack(PolicyStatement statement) {
        return statement.conditions().keySet().stream().anyMatch(t -> t.key().endsWith("/holdfast:stack"));
    }

    private static boolean makes(PolicyStatement statement) {
        return statement.conditions().keySet().stream().noneMatch(t -> t.key().contains("ResourceTag/"));
    }

    private Set<String> types(String action, Predicate<PolicyStatement> which) {
        return statements.stream()
                .filter(s -> s.allows() && s.actions().contains(action) && which.test(s))
                .flatMap(s -> s.resources().stream())
                .map(PolicyTable::type)
                .collect(Collectors.toSet());
    }

    /** The type, such as {@code ec2:vpc}; for a service with one type, the service. */
    private static String type(String arn) {
        String[] parts = arn.split(":", 6);
        return parts.length < 6
                ? arn
                : ONE_TYPE.contains(parts[2]) ? parts[2] : parts[2] + ":" + parts[5].split("[:/]", 2)[0];
    }

    private boolean any(String action, String arn, List<Map<String, List<String>>> contexts) {
        return contexts.stream().anyMatch(keys -> evaluator.allows(new RequestContext(action, arn, keys)));
    }

    /** ARNs of the stack's own resources: the patterns of the policy, with text instead of wildcards. */
    private List<String> own(String action) {
        return statements.stream()
                .filter(s -> s.allows() && s.actions().contains(action))
                .flatMap(s -> s.resources().stream())
                .map(arn -> arn.equals("*") ? arn : arn.replace("*", "x1").replace("?", "a"))
                .distinct()
                .toList();
    }

    private List<String> strangers(String action) {
        Facts known = facts.get(action);
        if (known == null || known.resources().isEmpty()) {
            return List.of("*");
        }
        return known.resources().stream()
                .map(arn -> arn.replace("${Partition}", "aws")
                        .replace("${Region}", "eu-west-2")
                        .replace("${Account}", "123456789012")
                        .replaceAll("\\$\\{[^}]*}", "theirs"))
                .toList();
    }

    private static Map<String, List<String>> request(String action) {
        Map<String, List<String>> keys = new TreeMap<>();
        keys.put("aws:RequestedRegion", List.of("eu-west-2"));
        keys.put("iam:PolicyARN", List.of("arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"));
        keys.put("iam:PassedToService", List.of("ecs-tasks.amazonaws.com"));
        keys.put("application-autoscaling:service-namespace", List.of("ecs"));
        keys.put("application-autoscaling:scalable-dimension", List.of("ecs:service:DesiredCount"));
        if (action.equals("iam:CreateServiceLinkedRole")) {
            keys.put("iam:AWSServiceName", List.of("ecs.amazonaws.com"));
        }
        return keys;
    }

    private static Map<String, List<String>> with(String action, Map<String, String> tags) {
        Map<String, List<String>> keys = request(action);
        tags.forEach((key, value) -> keys.put(key, List.of(value)));
        return keys;
    }

    /** The conditions of a change to a resource that carries the stack's tag. */
    private static List<Map<String, List<String>>> ours(String action) {
        return List.of(
                with(action, Map.of("aws:ResourceTag/holdfast:stack", OWNER, "iam:ResourceTag/holdfast:stack", OWNER)),
                with(action, Map.of("aws:ResourceTag/holdfast:stack", OWNER, "aws:RequestTag/holdfast:stack", OWNER)));
    }

    /** The conditions of a creating call, which tags its resource. */
    private static List<Map<String, List<String>>> made(String action) {
        String service = action.substring(0, action.indexOf(':'));
        String creates = "ecs".equals(service) ? "CreateService" : "ec2".equals(service) ? "CreateVpc" : "CreateRule";
        return List.of(
                with(action, Map.of("aws:RequestTag/holdfast:stack", OWNER, service + ":CreateAction", creates)));
    }

    /** The conditions of a call on a foreign resource. A call that takes over a resource sends our tag. */
    private static List<Map<String, List<String>>> theirs(String action) {
        Map<String, String> tags = Map.of(
                "aws:ResourceTag/holdfast:stack",
                "inst/other",
                "iam:ResourceTag/holdfast:stack",
                "inst/other",
                "aws:RequestTag/holdfast:stack",
                OWNER);
        return List.of(with(action, tags), with(action, without(tags)));
    }

    private static List<Map<String, List<String>>> untagged(String action) {
        return List.of(with(action, Map.of("aws:RequestTag/holdfast:stack", OWNER)), request(action));
    }

    private static Map<String, String> without(Map<String, String> tags) {
        Map<String, String> rest = new TreeMap<>(tags);
        rest.remove("aws:RequestTag/holdfast:stack");
        return rest;
    }

    static String markdown(Collection<Row> rows) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "| action | ours | a stranger's | another stack's with a name of ours | nobody's with a name of ours |");
        lines.add("|---|---|---|---|---|");
        rows.forEach(r -> lines.add("| `" + r.action() + "` | " + (r.own() ? "allowed" : "denied") + " | "
                + r.stranger().word + " | " + r.namesake().word + " | " + r.untagged().word + " |"));
        return String.join("\n", lines) + "\n";
    }
}
