package dev.holdfast.kinds.rds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kind.wire.ParameterValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.rds.model.ApplyMethod;
import software.amazon.awssdk.services.rds.model.Parameter;

/**
 * The requests that a change of parameters sends.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBParameterGroup.html">ModifyDBParameterGroup</a>
 */
class DbParametersTest {
    private static Parameter known(String name, String type) {
        return Parameter.builder().parameterName(name).applyType(type).build();
    }

    private static List<String> names(List<Parameter> request) {
        return request.stream().map(Parameter::parameterName).toList();
    }

    /** RDS accepts twenty parameters in a request, and rejects one parameter of a pair without the other. */
    @Test
    void coupledValuesTravelTogetherHoweverManyThereAre() {
        Map<String, String> differing = new TreeMap<>();
        // In the order of their names, the parameters of a pair would be in different requests.
        IntStream.range(0, 19).forEach(i -> differing.put("a" + i, "1"));
        IntStream.range(0, 19).forEach(i -> differing.put("d" + i, "1"));
        IntStream.range(0, 19).forEach(i -> differing.put("h" + i, "1"));
        List<List<String>> pairs = List.of(
                List.of("character_set_server", "collation_server"),
                List.of("enforce_gtid_consistency", "gtid-mode"),
                List.of("password_encryption", "rds.accepted_password_auth_method"),
                List.of("ssl_max_protocol_version", "ssl_min_protocol_version"));
        pairs.forEach(pair -> pair.forEach(name -> differing.put(name, "x")));

        List<List<Parameter>> requests = DbParameters.requests(differing, List.of());

        assertThat(requests).allSatisfy(request -> assertThat(request).hasSizeLessThanOrEqualTo(20));
        assertThat(pairs)
                .allSatisfy(pair -> assertThat(requests)
                        .anySatisfy(request -> assertThat(names(request)).containsAll(pair)));
        List<String> sent = new ArrayList<>();
        requests.forEach(request -> sent.addAll(names(request)));
        assertThat(sent).containsExactlyInAnyOrderElementsOf(differing.keySet());
    }

    /** The apply method follows from the parameter; an unknown parameter is never applied at once. */
    @Test
    void onlyADynamicOneIsAppliedAtOnce() {
        List<Parameter> request = DbParameters.requests(
                        Map.of("work_mem", "1", "shared_buffers", "1", "unheard_of", "1"),
                        List.of(known("work_mem", "dynamic"), known("shared_buffers", "static")))
                .getFirst();

        assertThat(request)
                .extracting(Parameter::parameterName, Parameter::applyMethod)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("shared_buffers", ApplyMethod.PENDING_REBOOT),
                        org.assertj.core.groups.Tuple.tuple("unheard_of", ApplyMethod.PENDING_REBOOT),
                        org.assertj.core.groups.Tuple.tuple("work_mem", ApplyMethod.IMMEDIATE));
    }

    /** A value that equals the default has another source than "user", even if a request has set it. */
    @Test
    void aValueCountsWhereverItComesFrom() {
        assertThat(ParameterValues.of(List.of(
                                Parameter.builder()
                                        .parameterName("a")
                                        .parameterValue("1")
                                        .source("engine-default")
                                        .build(),
                                Parameter.builder()
                                        .parameterName("b")
                                        .parameterValue("2")
                                        .source("user")
                                        .build(),
                                Parameter.builder()
                                        .parameterName("c")
                                        .source("engine-default")
                                        .build()))
                        .values())
                .isEqualTo(Map.of("a", "1", "b", "2"));
    }

    @ParameterizedTest
    @CsvSource({
        "boolean, on, 1, true",
        "boolean, FALSE, 0, true",
        "boolean, on, 0, false",
        "boolean, 2, 1, false",
        "integer, 0100, 100, true",
        "integer, 100, 1000, false",
        "integer, {DBInstanceClassMemory/2}, {DBInstanceClassMemory/2}, true",
        "float, 0.50, 0.5, true",
        "list, 'a, b', 'a,b', true",
        "list, 'a,b', 'b,a', false",
        "string, on, 1, false",
        "string, 0100, 100, false"
    })
    void aValueHasTheFormOfTheDesiredOneIfItMeansTheSame(String type, String desired, String observed, boolean same) {
        Parameter parameter = Parameter.builder()
                .parameterName("p")
                .parameterValue(observed)
                .dataType(type)
                .build();

        assertThat(ParameterValues.of(List.of(parameter)).inFormOf(Map.of("p", desired)))
                .containsEntry("p", same ? desired : observed);
    }
}
