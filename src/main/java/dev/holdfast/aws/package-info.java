/** AWS as the engine needs it: clients by account and region, rate limits, fault classifier, policies. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.aws;
