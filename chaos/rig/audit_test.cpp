#include "chaos/rig/audit.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace orderflow::chaos {
namespace {

constexpr std::string_view answer =
    R"({"sound":false,"lost":1,"doubled":2,"phantom":10,"oversold":3,"double_charged":4,"money_mismatch":20,)"
    R"("illegal_history":30,"queue_mismatch":40,"seen":{"attempts":900,"acknowledged":800,"unknown":5,"stored":799,)"
    R"("settled":798,"on_hold":1,"charges":700,"refunds":3},"waiting":0,"findings":[],"notes":[]})";

TEST(Audit, GivenWhatItCounted_WhenRead_ThenEveryKindOfFindingIsInTheTally) {
    const auto counts = counts_of(answer);

    EXPECT_EQ(counts.lost, 1U);
    EXPECT_EQ(counts.doubled, 2U);
    EXPECT_EQ(counts.oversold, 3U);
    EXPECT_EQ(counts.double_charges, 4U);
    EXPECT_EQ(counts.other, 100U);
    EXPECT_EQ(counts.acknowledged, 800U);
    EXPECT_EQ(counts.settled, 798U);
}

TEST(Audit, GivenAnAnswerThatLacksACount_WhenRead_ThenThatIsAFailureAndNotAZero) {
    auto without = std::string(answer);
    without.replace(without.find("lost"), 4, "last");

    EXPECT_THROW(counts_of(without), std::runtime_error);
    EXPECT_THROW(counts_of(""), std::runtime_error);
}

}  // namespace
}  // namespace orderflow::chaos
