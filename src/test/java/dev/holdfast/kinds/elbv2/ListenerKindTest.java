package dev.holdfast.kinds.elbv2;

import static dev.holdfast.kinds.elbv2.LoadBalancerKindTest.code;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kinds.OneResource;
import dev.holdfast.kinds.elbv2.ListenerKind.Spec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenerKindTest {
    private static final String FORWARD = """
        {'loadBalancerArn': '{lb}', 'port': 80, 'protocol': 'HTTP',
         'defaultActions': [{'type': 'forward', 'targetGroupArn': '{blue}'}], 'tags': {'Project': 'x'}}
        """;
    private static final String SECURE = """
        {'loadBalancerArn': '{lb}', 'port': 443, 'protocol': 'HTTPS', 'sslPolicy': 'ELBSecurityPolicy-TLS13-1-2-2021-06',
         'certificates': [{'certificateArn': 'arn:aws:acm:eu-west-2:123456789012:certificate/1'}],
         'defaultActions': [{'type': 'fixed-response', 'fixedResponseConfig': {'statusCode': '404'}}]}
        """;

    private final ElbWorld world = new ElbWorld();
    private final String lb = world.makeLoadBalancer("main");
    private final String blue = world.makeTargetGroup("blue");
    private final String green = world.makeTargetGroup("green");
    private final OneResource<Spec> http = world.listener("http");

    private Spec spec(String json) {
        return http.desired(json.replace("{lb}", lb).replace("{blue}", blue).replace("{green}", green));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                FORWARD,
                SECURE,
                "{'loadBalancerArn': '{lb}', 'port': 80, 'protocol': 'HTTP', 'defaultActions': [{'type': 'forward',"
                        + " 'forwardConfig': {'targetGroups': [{'targetGroupArn': '{blue}'}]}}]}",
                "{'loadBalancerArn': '{lb}', 'port': 80, 'protocol': 'HTTP', 'defaultActions': [{'type': 'redirect',"
                        + " 'redirectConfig': {'protocol': 'HTTPS', 'port': '443', 'statusCode': 'HTTP_301'}}]}"
            })
    void isAsDesiredOnceCreated(String json) {
        // Given
        world.settings.pageSize(1);
        Spec spec = spec(json);

        // When
        String arn = http.create(spec);

        // Then
        assertThat(http.diff(spec).changes()).isEmpty();
        assertThat(http.known(spec).outputs()).isEqualTo(Map.of("arn", arn));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'port': 8080}",
                SECURE,
                "{'defaultActions': [{'type': 'forward', 'targetGroupArn': '{green}'}]}",
                "{'defaultActions': [{'type': 'forward', 'forwardConfig': {'targetGroups': ["
                        + "{'targetGroupArn': '{green}', 'weight': 9}, {'targetGroupArn': '{blue}'}],"
                        + " 'targetGroupStickinessConfig': {'enabled': true, 'durationSeconds': 60}}}]}",
                "{'defaultActions': [{'type': 'redirect', 'redirectConfig': {'host': 'x', 'statusCode': 'HTTP_302'}}]}",
                "{'defaultActions': [{'type': 'fixed-response', 'fixedResponseConfig': {'statusCode': '503',"
                        + " 'contentType': 'text/html', 'messageBody': 'later'}}]}",
                "{'listenerAttributes': {'routing.http.response.server.enabled': 'false'}}",
                "{'tags': {'Project': 'y'}}"
            })
    void updatesEachFieldInOnePass(String changed) {
        http.updates(spec(FORWARD), spec(changed));
    }

    @Test
    void goesBackToOneTargetGroupAndToPlainHttp() {
        http.create(spec(SECURE));
        Spec spec = spec(FORWARD);

        http.converge(spec);

        assertThat(http.diff(spec).changes()).isEmpty();
        assertThat(http.known(spec).spec().certificates()).isEmpty();
    }

    @Test
    void takesFurtherCertificatesAndLetsThemGo() {
        String other = "'listenerCertificates': ['arn:aws:acm:eu-west-2:123456789012:certificate/b',"
                + " 'arn:aws:acm:eu-west-2:123456789012:certificate/c'],";
        Spec two = spec(SECURE.replaceFirst("\\{", "{" + other));
        http.create(two);
        http.converge(two);
        assertThat(http.diff(two).changes()).isEmpty();
        assertThat(http.known(two).spec().certificates()).hasSize(1);

        Spec one = spec(SECURE.replaceFirst(
                "\\{", "{'listenerCertificates':" + " ['arn:aws:acm:eu-west-2:123456789012:certificate/c'],"));
        world.settings.pageSize(1);
        http.converge(one);

        assertThat(http.known(one).spec().listenerCertificates())
                .containsExactly("arn:aws:acm:eu-west-2:123456789012:certificate/c");
    }

    @Test
    void isDeletedAndGoesWithItsLoadBalancer() {
        // Given
        Spec spec = spec(FORWARD);
        String arn = http.create(spec);
        http.delete(spec);
        assertThat(http.observe(spec, arn, true)).isEmpty();
        String again = http.create(spec);

        // When
        world.elb.deleteLoadBalancer(r -> r.loadBalancerArn(lb));

        // Then
        http.isGone(spec, again);
        world.elb.deleteTargetGroup(r -> r.targetGroupArn(blue));
    }

    @Test
    void isFoundWhenTheStateIsLostAndTheLoadBalancerNotYetResolved() {
        String arn = http.create(spec(FORWARD));

        List<?> found = http.observe(spec("{'port': 80}"), null, false);

        assertThat(found)
                .singleElement()
                .satisfies(
                        o -> assertThat(((Known<?>) o).identity().physicalId()).isEqualTo(arn));
    }

    @Test
    void aSecondOneOnThePortIsRefused() {
        http.create(spec(FORWARD));

        assertThatThrownBy(() -> world.listener("other").create(spec(FORWARD.replace("blue", "green"))))
                .satisfies(e -> assertThat(code(e)).isEqualTo("DuplicateListener"));
    }

    @Test
    void aTargetGroupServesOneLoadBalancerOnly() {
        http.create(spec(FORWARD));
        String second = world.makeLoadBalancer("second");

        assertThatThrownBy(() -> http.create(spec(FORWARD.replace("{lb}", second))))
                .satisfies(e -> assertThat(code(e)).isEqualTo("TargetGroupAssociationLimit"));
    }
}
