package dev.holdfast.app;

import static dev.holdfast.app.InspectedRows.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.app.StackInspector.StackPart;
import dev.holdfast.model.SafeText;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The details of one resource or stack, in lines. Not safe for use by many threads. */
final class Description {
    private static final int EVENTS = 20;

    private final Palette palette;
    private final List<String> lines = new ArrayList<>();
    private final Instant now = Instant.now();

    Description(Palette palette) {
        this.palette = palette;
    }

    List<String> resource(StackInspector inspector, String stack, JsonNode resource, List<JsonNode> all) {
        String id = ResourceChoice.id(resource);
        JsonNode status = resource.path("status");
        field("Name", id);
        field("Stack", stack);
        field("Owner", text(resource.path("metadata"), "owner"));
        field("Physical id", text(status, "physicalId"));
        status(status);
        field("Observed", ago(text(status, "observedAt")));
        JsonNode change = status.path("lastChange");
        field(
                "Last change",
                change.isObject()
                        ? text(change, "action") + " " + ago(text(change, "at")) + ", revision "
                                + InspectedRows.shortened(text(change, "revision"))
                        : "");
        field("Retried", text(status, "retryAt"));
        field("Pending", String.join(", ", texts(status.path("pending"))));
        field("Pending until", text(status, "pendingUntil"));
        section(
                "Facts",
                status.path("facts").properties().stream()
                        .map(f -> f.getKey() + ": " + f.getValue().asText())
                        .toList());
        section(
                "In AWS's console",
                status.path("console")
                        .valueStream()
                        .map(c -> text(c, "name") + ": " + text(c, "url"))
                        .toList());
        conditions(status.path("conditions"));
        yaml("Outputs", status.path("outputs"));
        List<String> differences =
                status.path("drift").valueStream().map(DriftCommand::field).toList();
        section("Differences", differences);
        steps(inspector.part(stack, StackPart.PLAN).path("steps"), id);
        section("Parts", parts(all, id));
        section("Depends on", texts(status.path("dependsOn")));
        section(
                "Used by",
                all.stream()
                        .filter(r -> texts(r.path("status").path("dependsOn")).contains(id))
                        .map(ResourceChoice::id)
                        .toList());
        yaml("Spec", resource.path("spec"));
        events(inspector.events(stack, 0).path("items"), id);
        return lines;
    }

    List<String> stack(StackInspector inspector, String name) {
        JsonNode stack = inspector.part(name, StackPart.STACK);
        field("Name", name);
        field("Account", text(stack, "account"));
        field("Region", text(stack, "region"));
        field("Mode", text(stack, "mode"));
        line("Status:", palette.status(text(stack, "status"), text(stack, "status")));
        field("Revision", text(stack, "revision"));
        JsonNode published = stack.path("published");
        field(
                "Published",
                published.isObject()
                        ? "commit " + text(published, "number") + " by " + text(published, "author") + ", "
                                + ago(text(published, "time")) + ": " + text(published, "message")
                        : "");
        field("Guardrails", text(stack, "guardrails"));
        field("Passed", ago(text(stack, "lastGoodPassAt")));
        field(
                "Held steps",
                stack.path("heldSteps").path("held").asText("0") + ", and "
                        + stack.path("heldSteps").path("following").asText("0") + " that follow them");
        List<String> counts = new ArrayList<>();
        stack.path("counts").properties().forEach(c -> counts.add(c.getKey() + " " + c.getValue()));
        field("Resources", String.join(", ", counts));
        conditions(stack.path("conditions"));
        section(
                "Pauses",
                stack.path("pauses").properties().stream()
                        .map(p -> (p.getKey().equals("*") ? "the stack" : p.getKey()) + " until "
                                + text(p.getValue(), "until") + ": " + text(p.getValue(), "reason") + " ("
                                + text(p.getValue(), "by") + ")")
                        .toList());
        section(
                "Revision errors",
                stack.path("revisionErrors")
                        .valueStream()
                        .map(e -> text(e, "file") + ":" + text(e, "line") + ": " + text(e, "message"))
                        .toList());
        steps(inspector.part(name, StackPart.PLAN).path("steps"), null);
        events(inspector.events(name, 0).path("items"), null);
        return lines;
    }

    private void status(JsonNode status) {
        String reason = text(status, "reason");
        String message = text(status, "message");
        line(
                "Status:",
                palette.status(text(status, "status"), text(status, "status"))
                        + (reason.isEmpty() ? "" : " (" + SafeText.line(reason) + ")")
                        + (message.isEmpty() ? "" : ": " + SafeText.line(message)));
    }

    private void conditions(JsonNode conditions) {
        TextTable table = new TextTable("TYPE", "STATUS", "SINCE", "REASON", "MESSAGE");
        conditions.forEach(c -> table.row(
                text(c, "type"),
                text(c, "status"),
                AgeWords.since(text(c, "since"), now),
                text(c, "reason"),
                text(c, "message")));
        table("Conditions", table);
    }

    /** @param id the resource; null for all resources */
    private void steps(JsonNode steps, @Nullable String id) {
        List<String> shown = new ArrayList<>();
        for (JsonNode step : steps) {
            if (id != null && !text(step, "resource").equals(id)) {
                continue;
            }
            JsonNode verdict = step.path("verdict");
            String on = text(verdict, "on");
            String reason = text(verdict, "reason");
            String message = text(verdict, "message");
            shown.add(text(step, "action") + " " + text(step, "resource") + "  " + text(verdict, "type")
                    + (on.isEmpty() ? "" : " " + on)
                    + (reason.isEmpty() ? "" : ": " + reason)
                    + (message.isEmpty() ? "" : ": " + message));
            if (step.path("approvable").asBoolean()) {
                shown.add("  to release it: holdfast approve " + text(step, "hash"));
            }
        }
        section("Steps", shown);
    }

    private static List<String> parts(List<JsonNode> all, String owner) {
        return all.stream()
                .filter(r -> text(r.path("metadata"), "owner").equals(owner))
                .map(r -> ResourceChoice.id(r) + "  " + text(r.path("status"), "status"))
                .toList();
    }

    /** @param id the resource; null for all resources */
    private void events(JsonNode events, @Nullable String id) {
        List<JsonNode> own = events.valueStream()
                .filter(e -> id == null || text(e, "resource").equals(id))
                .toList();
        TextTable table = new TextTable("AGE", "SEVERITY", "REASON", "MESSAGE");
        own.subList(Math.max(0, own.size() - EVENTS), own.size())
                .forEach(e -> table.row(
                        AgeWords.since(text(e, "at"), now),
                        text(e, "severity"),
                        text(e, "reason"),
                        (id == null && !text(e, "resource").isEmpty() ? text(e, "resource") + ": " : "")
                                + text(e, "message")));
        table("Events", table);
    }

    private void table(String title, TextTable table) {
        if (!table.isEmpty()) {
            lines.add(title + ":");
            table.lines(true, palette::status).forEach(row -> lines.add("  " + row));
        }
    }

    private void yaml(String title, JsonNode json) {
        if (json.isContainerNode() && !json.isEmpty()) {
            lines.add(title + ":");
            YamlText.of(json).lines().forEach(line -> lines.add("  " + line));
        }
    }

    private void section(String title, Collection<String> texts) {
        if (!texts.isEmpty()) {
            lines.add(title + ":");
            texts.forEach(text -> lines.add("  " + SafeText.line(text)));
        }
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }

    private String ago(String time) {
        String age = AgeWords.since(time, now);
        return age.isEmpty() ? "" : time.replaceFirst("\\.\\d+Z$", "Z") + " (" + age + " ago)";
    }

    private void field(String name, String value) {
        if (!value.isEmpty()) {
            line(name + ":", SafeText.line(value));
        }
    }

    private void line(String name, String value) {
        lines.add(name + " ".repeat(Math.max(1, 15 - name.length())) + value);
    }
}
