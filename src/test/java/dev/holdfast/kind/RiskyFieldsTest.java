package dev.holdfast.kind;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Guardrails ask the kinds for the risk of a changed field: each kind has to declare its risky fields. */
class RiskyFieldsTest {
    private static String of(Kind<?> kind) {
        return RiskyField.of(kind.info().spec()).stream()
                .map(field -> field.risk() + " " + String.join(".", field.path()))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    @Test
    void whatTheKindsSay() {
        Map<String, Kind<?>> kinds = TestKinds.all().all();

        assertThat(of(kinds.get("Role")))
                .isEqualTo("BOUNDARY permissionsBoundary, INLINE_POLICIES policies, MANAGED_POLICIES managedPolicyArns,"
                        + " TRUST_POLICY assumeRolePolicyDocument");
        assertThat(of(kinds.get("SecurityGroup")))
                .isEqualTo("ADDRESSES egress.cidrIpv4, ADDRESSES egress.cidrIpv6, SOURCES ingress");
        assertThat(of(kinds.get("Bucket"))).isEqualTo("PUBLIC_ACCESS_BLOCK publicAccessBlock, RESOURCE_POLICY policy");
        assertThat(of(kinds.get("Key"))).isEqualTo("KEY_POLICY policy");
        assertThat(of(kinds.get("TaskDefinition"))).isEqualTo("PASSED_ROLE executionRoleArn, PASSED_ROLE taskRoleArn");
        assertThat(of(kinds.get("FunctionPermission"))).isEqualTo("PRINCIPAL principal");
        assertThat(of(kinds.get("VpcEndpoint"))).isEqualTo("RESTRICTION policyDocument");
    }

    /** AWS's names of such fields reveal a new kind that declares no risk. */
    @Test
    void noKindKeepsOneBack() {
        TreeSet<String> silent = new TreeSet<>();
        TestKinds.all().all().values().forEach(kind -> {
            TreeSet<String> said = RiskyField.of(kind.info().spec()).stream()
                    .map(field -> String.join(".", field.path()))
                    .collect(Collectors.toCollection(TreeSet::new));
            suspects(kind.info().spec(), "").stream()
                    .filter(path ->
                            said.stream().noneMatch(known -> path.equals(known) || path.startsWith(known + ".")))
                    .forEach(path -> silent.add(kind.info().name() + " " + path));
        });

        assertThat(silent)
                .as("mark these with @Risk")
                .containsExactlyInAnyOrder(
                        // The policy selects only the images that are kept.
                        "Repository lifecyclePolicy",
                        // The policy selects only the messages that a subscriber receives.
                        "Topic subscriptions.filterPolicy",
                        // The body defines only the contents of a dashboard.
                        "Dashboard dashboardBody");
    }

    private static TreeSet<String> suspects(Class<?> record, String above) {
        TreeSet<String> found = new TreeSet<>();
        for (RecordComponent component : record.getRecordComponents()) {
            SpecModel.Field field =
                    SpecModel.of(record).field(component.getName()).orElseThrow();
            String path = above + field.name();
            boolean policy = field.raw() == JsonNode.class;
            boolean role = field.name().matches("(?i).*role(arn)?") && field.raw() == String.class;
            if (policy || role) {
                found.add(path);
            }
            Class<?> inner = field.isCollection() || field.isMap() ? field.element() : field.raw();
            if (inner.isRecord() && inner != record) {
                found.addAll(suspects(inner, path + "."));
            }
        }
        return found;
    }
}
