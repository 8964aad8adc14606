package dev.holdfast.kinds.elbv2;

import static dev.holdfast.kinds.elbv2.LoadBalancerKindTest.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kinds.OneResource;
import dev.holdfast.kinds.elbv2.ListenerRuleKind.Spec;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenerRuleKindTest {
    private static final String WHOLE = """
        {'listenerArn': '{listener}', 'priority': 10,
         'conditions': [{'field': 'path-pattern', 'values': ['/api/*', '/v1/*']},
                        {'field': 'host-header', 'hostHeaderConfig': {'values': ['b.example', 'a.example']}},
                        {'field': 'http-header', 'httpHeaderConfig': {'httpHeaderName': 'X', 'values': ['1']}},
                        {'field': 'query-string', 'queryStringConfig': {'values': [{'key': 'k', 'value': 'v'}, {'value': 'w'}]}},
                        {'field': 'http-request-method', 'values': ['GET', 'HEAD']},
                        {'field': 'source-ip', 'sourceIpConfig': {'values': ['10.0.0.0/8']}}],
         'actions': [{'type': 'forward', 'targetGroupArn': '{blue}'}], 'tags': {'Project': 'x'}}
        """;
    private static final String SHORT = """
        {'listenerArn': '{listener}', 'priority': {priority},
         'conditions': [{'field': 'path-pattern', 'values': ['/{priority}/*']}],
         'actions': [{'type': 'fixed-response', 'fixedResponseConfig': {'statusCode': '404'}}]}
        """;

    private final ElbWorld world = new ElbWorld();
    private final String lb = world.makeLoadBalancer("main");
    private final String blue = world.makeTargetGroup("blue");
    private final String green = world.makeTargetGroup("green");
    private final String listener = makeListener();
    private final OneResource<Spec> api = rule("api");

    private String makeListener() {
        OneResource<ListenerKind.Spec> http = world.listener("http");
        return http.create(http.desired("{'loadBalancerArn': '" + lb + "', 'port': 80, 'protocol': 'HTTP',"
                + " 'defaultActions': [{'type': 'fixed-response', 'fixedResponseConfig': {'statusCode': '404'}}]}"));
    }

    private OneResource<Spec> rule(String name) {
        return new OneResource<>(new ListenerRuleKind(), world.clients, "ListenerRule/" + name, null);
    }

    private Spec spec(OneResource<Spec> rule, String json) {
        return rule.desired(
                json.replace("{listener}", listener).replace("{blue}", blue).replace("{green}", green));
    }

    private Spec at(OneResource<Spec> rule, int priority) {
        return spec(rule, SHORT.replace("{priority}", String.valueOf(priority)));
    }

    private String priorityOf(String arn) {
        return world.elb.describeRules(r -> r.ruleArns(arn)).rules().getFirst().priority();
    }

    @Test
    void isAsDesiredOnceCreated() {
        // Given
        world.settings.pageSize(1);
        Spec spec = spec(api, WHOLE);

        // When
        String arn = api.create(spec);

        // Then
        assertThat(api.diff(spec).changes()).isEmpty();
        assertThat(api.known(spec).outputs()).isEqualTo(Map.of("arn", arn));
        assertThat(api.observe(spec, arn, true)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'priority': 7}",
                "{'conditions': [{'field': 'path-pattern', 'values': ['/api/*']}]}",
                "{'actions': [{'type': 'forward', 'targetGroupArn': '{green}'}]}",
                "{'tags': {'Project': 'y'}}",
                "{'priority': 8, 'conditions': [{'field': 'source-ip', 'values': ['10.0.0.0/8']}], 'actions':"
                        + " [{'type': 'redirect', 'redirectConfig': {'port': '443', 'statusCode': 'HTTP_301'}}]}"
            })
    void updatesEachFieldInOnePass(String changed) {
        api.create(spec(api, WHOLE));
        Spec spec = spec(api, changed);
        assertThat(api.diff(spec).changes()).isNotEmpty();

        api.converge(spec);

        assertThat(api.diff(spec).changes()).isEmpty();
    }

    @Test
    void takesTransformsOffAndLeavesUnownedOnes() {
        // Given
        String short404 = SHORT.replace("{priority}", "10").strip();
        String owned = short404.substring(0, short404.length() - 1);
        String arn = api.create(spec(api, owned + """
                , 'transforms': [{'type': 'url-rewrite',
                                  'urlRewriteConfig': {'rewrites': [{'regex': '^/api/(.*)$', 'replace': '/$1'}]}}]}
                """));

        // When
        api.converge(at(api, 11));
        int unowned = transformsOf(arn);
        api.converge(spec(api, owned.replace("'priority': 10", "'priority': 11") + ", 'transforms': []}"));

        // Then
        assertThat(unowned).isEqualTo(1);
        assertThat(transformsOf(arn)).isZero();
    }

    private int transformsOf(String arn) {
        return world.elb
                .describeRules(r -> r.ruleArns(arn))
                .rules()
                .getFirst()
                .transforms()
                .size();
    }

    @Test
    void rulesOfOursChangePlaces() {
        // Given
        OneResource<Spec> web = rule("web");
        String first = api.create(at(api, 10));
        String second = web.create(at(web, 20));

        // When
        OneResource.convergeTogether(api, api.desired("{'priority': 20}"), web, web.desired("{'priority': 10}"));

        // Then
        assertThat(priorityOf(first)).isEqualTo("20");
        assertThat(priorityOf(second)).isEqualTo("10");
    }

    @Test
    void aStrangersRuleStaysWhereItIs() {
        // Given
        api.create(at(api, 10));
        String stranger = world.elb
                .createRule(r -> r.listenerArn(listener)
                        .priority(20)
                        .conditions(c -> c.field("path-pattern").values("/x"))
                        .actions(a -> a.type("fixed-response").fixedResponseConfig(f -> f.statusCode("404"))))
                .rules()
                .getFirst()
                .ruleArn();

        // When, Then
        assertThatThrownBy(() -> api.converge(api.desired("{'priority': 20}")))
                .satisfies(e -> assertThat(code(e)).isEqualTo("PriorityInUse"));
        assertThat(priorityOf(stranger)).isEqualTo("20");
        assertThatThrownBy(() -> rule("new").create(at(rule("new"), 20)))
                .satisfies(e -> assertThat(code(e)).isEqualTo("PriorityInUse"));
    }

    @Test
    void isGoneWhenDeletedAndWithItsListener() {
        // Given
        Spec spec = spec(api, WHOLE);
        String arn = api.create(spec);
        assertThatThrownBy(() -> world.elb.deleteTargetGroup(r -> r.targetGroupArn(blue)))
                .satisfies(e -> assertThat(code(e)).isEqualTo("ResourceInUse"));
        api.delete(spec);
        assertThat(api.observe(spec, arn, true)).isEmpty();
        String again = api.create(spec);

        // When
        world.elb.deleteListener(r -> r.listenerArn(listener));

        // Then
        api.isGone(spec, again);
        world.elb.deleteTargetGroup(r -> r.targetGroupArn(blue));
    }

    @Test
    void isFoundWhenTheStateIsLostAndTheListenerNotYetResolved() {
        String arn = api.create(spec(api, WHOLE));

        assertThat(api.observe(spec(api, "{'priority': 99}"), null, false))
                .singleElement()
                .satisfies(
                        o -> assertThat(((Known<?>) o).identity().physicalId()).isEqualTo(arn));
    }
}
