#include "libs/observe/trace_context.hpp"

#include <gtest/gtest.h>

#include "libs/testing/seeded_entropy.hpp"

namespace orderflow::observe {
namespace {

constexpr std::string_view valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(TraceContext, GivenValidTraceparent_WhenParsedAndFormatted_ThenIsTheSame) {
    const auto context = TraceContext::parse(valid);

    ASSERT_TRUE(context);
    EXPECT_TRUE(context->sampled);
    EXPECT_EQ(context->to_string(), valid);
    EXPECT_EQ(context->trace_id_text(), "4bf92f3577b34da6a3ce929d0e0e4736");
}

TEST(TraceContext, GivenOtherFlags_WhenParsed_ThenOnlyTheLowestBitMeansSampled) {
    const auto flagged = [](const std::string& flags) {
        return TraceContext::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-" + flags);
    };

    EXPECT_FALSE(flagged("00")->sampled);
    EXPECT_TRUE(flagged("ff")->sampled);
    EXPECT_FALSE(flagged("fe")->sampled);
}

TEST(TraceContext, GivenLaterVersion_WhenParsed_ThenItsFirstFourFieldsCount) {
    const std::string known = "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    EXPECT_TRUE(TraceContext::parse(known));
    EXPECT_TRUE(TraceContext::parse(known + "-what-comes-later"));
    EXPECT_FALSE(TraceContext::parse(known + ".what-comes-later"));
}

TEST(TraceContext, GivenMalformedTraceparent_WhenParsed_ThenIsRefused) {
    for (const std::string_view text : {
             "",
             "00",
             "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0",
             "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
             "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
             "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
             "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
             "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
             "0g-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
             "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
             "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
             "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
             "00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01",
             " 0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
         }) {
        EXPECT_FALSE(TraceContext::parse(text)) << text;
    }
}

TEST(TraceContext, GivenContext_WhenSomethingIsCalled_ThenTraceStaysAndSpanIsNew) {
    SeededEntropy entropy(7);
    const auto context = TraceContext::start(entropy);

    const auto child = context.child(entropy);

    EXPECT_EQ(child.trace_id, context.trace_id);
    EXPECT_NE(child.span_id, context.span_id);
    EXPECT_EQ(TraceContext::parse(child.to_string()), child);
}

}  // namespace
}  // namespace orderflow::observe
