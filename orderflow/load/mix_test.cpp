#include "orderflow/load/mix.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orderflow::load {
namespace {

using ::testing::HasSubstr;

TEST(Mix, GivenDefault_ThenEveryOrderIsPlain) { EXPECT_EQ(parse_mix("default"), Mix()); }

TEST(Mix, GivenAll_ThenThereIsSomeOfEverything) {
    const auto mix = parse_mix("all").value();

    for (const auto share :
         {mix.bad, mix.declined, mix.slow, mix.unknown, mix.flaky, mix.invoice, mix.repeat, mix.reuse, mix.cancel}) {
        EXPECT_GT(share, 0);
    }
}

TEST(Mix, GivenAList_ThenOnlyWhatItNamesIsIn) {
    const auto mix = parse_mix("cancel=5,bad=2").value();

    EXPECT_EQ(mix, (Mix{.bad = 2, .cancel = 5}));
}

TEST(Mix, GivenAllWithAChange_ThenTheRestStays) {
    auto expected = parse_mix("all").value();
    expected.slow = 0;

    EXPECT_EQ(parse_mix("all,slow=0"), expected);
}

TEST(Mix, GivenSomethingElse_ThenItIsNamed) {
    for (const std::string wrong :
         {"", "nonsense", "bad", "bad=", "bad=x", "bad=1x", "bad=-1", "bad=101", "cancel=5,"}) {
        const auto mix = parse_mix(wrong);
        ASSERT_FALSE(mix) << wrong;
        EXPECT_EQ(mix.error().code(), "load.mix");
        EXPECT_FALSE(mix.error().detail().empty()) << wrong;
    }
    EXPECT_THAT(parse_mix("cancel=5,badd=2").error().detail(), HasSubstr("badd=2"));
}

TEST(Mix, GivenSharesBeyondAHundred_ThenTheyAreRefused) {
    EXPECT_TRUE(parse_mix("bad=50,declined=50"));
    EXPECT_FALSE(parse_mix("bad=50,declined=51"));
    EXPECT_FALSE(parse_mix("repeat=50,cancel=50")) << "no order could ever be placed";
}

TEST(Mix, TheHelpNamesEveryPart) {
    for (const auto* name : {"bad", "declined", "slow", "unknown", "flaky", "invoice", "repeat", "reuse", "cancel"}) {
        EXPECT_THAT(mix_help(), HasSubstr(name));
    }
}

}  // namespace
}  // namespace orderflow::load
