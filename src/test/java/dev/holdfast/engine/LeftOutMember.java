package dev.holdfast.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * A member of a service's answers that contains one value, or a list of values, in XML or JSON.
 *
 * @param service the service's name in signatures
 */
record LeftOutMember(String service, String name) implements Comparable<LeftOutMember> {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String VALUES = "(?:[^<]*|(?:<(member|item)>[^<]*</\\2>)+)";
    private static final Pattern ANY = Pattern.compile("<(\\w+)(?:\\s[^>]*)?>" + VALUES + "</\\1>");
    private static final Set<String> ELEMENTS = Set.of("member", "item");

    /** All members of an answer. */
    static Set<LeftOutMember> in(String service, String body) {
        Set<LeftOutMember> found = new TreeSet<>();
        if (body.startsWith("<")) {
            Matcher member = ANY.matcher(body);
            while (member.find()) {
                if (!ELEMENTS.contains(member.group(1))) {
                    found.add(new LeftOutMember(service, member.group(1)));
                }
            }
        } else if (body.startsWith("{") && !isDocument(service)) {
            collect(service, parse(body), found);
        }
        return found;
    }

    private static void collect(String service, JsonNode node, Set<LeftOutMember> found) {
        node.properties().forEach(member -> {
            if (isLeaf(member.getValue())) {
                found.add(new LeftOutMember(service, member.getKey()));
            }
        });
        node.forEach(inner -> collect(service, inner, found));
    }

    /** Whether the answer may be a bucket's policy, which is one value. */
    private static boolean isDocument(String service) {
        return service.equals("s3");
    }

    private static boolean isLeaf(JsonNode value) {
        return value.isValueNode()
                || (value.isArray()
                        && StreamSupport.stream(value.spliterator(), false).allMatch(JsonNode::isValueNode));
    }

    /** The answer without this member. */
    String leftOutOf(String body) {
        if (body.startsWith("<")) {
            return body.replaceAll("<(" + Pattern.quote(name) + ")(?:\\s[^>]*)?>" + VALUES + "</\\1>", "");
        }
        if (!body.startsWith("{") || isDocument(service) || !body.contains('"' + name + '"')) {
            return body;
        }
        JsonNode answer = parse(body);
        remove(answer);
        return answer.toString();
    }

    private void remove(JsonNode node) {
        JsonNode value = node.get(name);
        if (node instanceof ObjectNode object && value != null && isLeaf(value)) {
            object.remove(name);
        }
        node.forEach(this::remove);
    }

    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int compareTo(LeftOutMember other) {
        int byService = service.compareTo(other.service);
        return byService != 0 ? byService : name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return service + " " + name;
    }
}
