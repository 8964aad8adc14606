package dev.holdfast.composites;

/**
 * A higher-level kind: one document that expands to the documents of several resources. Pure: the same spec always
 * expands to the same parts, whatever exists in AWS.
 */
public interface Composite<S extends Record> {
    CompositeInfo<S> info();

    /**
     * @param spec a spec that passed its check; its texts are as in a document: references are unresolved and
     *     <code>$${</code> is escaped
     * @param into receives the parts, the outputs, and the mistakes that the check of types cannot find
     */
    void expand(S spec, Expansion into);
}
