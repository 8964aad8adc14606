package dev.holdfast.twin.sns;

import java.util.Map;
import java.util.TreeMap;

/** A topic: what was said of it, by attribute, and its tags. */
final class TopicState {
    final String name;
    final String arn;
    final Map<String, String> attributes = new TreeMap<>();
    final Map<String, String> tags = new TreeMap<>();

    TopicState(String name, String arn) {
        this.name = name;
        this.arn = arn;
    }

    boolean fifo() {
        return "true".equals(attributes.get("FifoTopic"));
    }
}
