package dev.holdfast.engine;

import dev.holdfast.desired.GuardrailsReader;
import dev.holdfast.desired.Problem;
import dev.holdfast.kind.TestKinds;
import dev.holdfast.model.Guardrails;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.TestGuardrails;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Guardrails with policies, in the form of their file. Single quotes stand for double ones, and a backquote for a
 * single one.
 */
public final class PolicyFixtures {
    /** The policy of a role that only ECS may assume. */
    public static final String TRUST =
            "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':{'Service':'ecs-tasks.amazonaws.com'},'Action':'sts:AssumeRole'}]}";

    /** The policy of a role that another account may assume. */
    static final String STRANGERS_TRUST =
            "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::999999999999:root'},'Action':'sts:AssumeRole'}]}";

    /** The inline policies of an administrator. */
    static final String ADMIN =
            "[{'policyName':'p','policyDocument':{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'*','Resource':'*'}]}}]";

    private PolicyFixtures() {}

    /** One policy. */
    public static String policy(String name, String match, String action, String expression) {
        return "{'name':'" + name + "','match':{" + match + "},'action':'" + action + "','message':'no " + name
                + "','expression':'" + expression + "'}";
    }

    /** @throws AssertionError if the policies have errors */
    public static GuardrailsState guardrails(String... policies) {
        List<Problem> problems = new ArrayList<>();
        Guardrails guardrails = read(problems, policies);
        if (guardrails == null) {
            throw new AssertionError(problems);
        }
        return TestGuardrails.active(guardrails);
    }

    /** @param problems receives the errors */
    public static Guardrails read(List<Problem> problems, String... policies) {
        String file =
                """
                {'apiVersion':'holdfast.dev/v1','kind':'Guardrails','spec':{'policies':[
                %s]}}""".formatted(String.join(",\n", policies)).replace('\'', '"').replace('`', '\'');
        return GuardrailsReader.read(
                "guardrails.json", file.getBytes(StandardCharsets.UTF_8), TestKinds.all(), problems);
    }
}
