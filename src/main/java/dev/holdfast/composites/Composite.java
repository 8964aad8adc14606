package dev.holdfast.composites;

/**
 * A higher-level kind: one document that expands to documents of resources. Pure: the same spec always expands to the same
 * parts, whatever exists in AWS.
 */
public interface Composite<S extends Record> {
    CompositeInfo<S> info();

    /**
     * @param spec that passed its check; text in it is text of the language of documents: references stand, <code>$${</code> is
     *     escaped
     * @param into takes the parts, the outputs, and what is wrong beyond a field's type
     */
    void expand(S spec, Expansion into);
}
