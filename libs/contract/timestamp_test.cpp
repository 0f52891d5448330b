#include "libs/contract/timestamp.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace orderflow::contract {
namespace {

TEST(Timestamp, GivenATime_ThenItHasMillisecondsAndZulu) {
    EXPECT_EQ(to_timestamp(from_unix_ms(0)), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(to_timestamp(from_unix_ms(1'767'225'600'007)), "2026-01-01T00:00:00.007Z");
    EXPECT_EQ(to_timestamp(from_unix_ms(1'709'251'199'999)), "2024-02-29T23:59:59.999Z");
}

TEST(Timestamp, GivenItsText_ThenTheSameTimeComesBack) {
    for (const std::int64_t ms : {0LL, 1LL, 951'782'400'000LL, 1'767'225'600'007LL, 253'402'300'799'999LL}) {
        EXPECT_EQ(parse_timestamp(to_timestamp(from_unix_ms(ms))), from_unix_ms(ms));
    }
}

TEST(Timestamp, GivenFewerOrMoreDigitsOfASecond_ThenMillisecondsAreRead) {
    const std::pair<const char*, int> cases[] = {{"", 0},       {".0", 0},      {".1", 100},         {".10", 100},
                                                 {".101", 101}, {".1019", 101}, {".999999999", 999}, {".000999999", 0},
                                                 {".09", 90}};
    for (const auto& [fraction, ms] : cases) {
        const auto text = std::string("2026-01-01T00:00:00") + fraction + "Z";
        EXPECT_EQ(parse_timestamp(text), from_unix_ms(1'767'225'600'000 + ms)) << text;
    }
}

TEST(Timestamp, GivenAnotherForm_ThenNothing) {
    for (const char* text : {"",
                             "Z",
                             "2026-01-01",
                             "2026-01-01T00:00:00",
                             "2026-01-01T00:00:00.Z",
                             "2026-01-01T00:00:00.0000000000Z",
                             "2026-01-01T00:00:00,5Z",
                             "2026-01-01T00:00:00.5.5Z",
                             "2026-01-01T00:00:00.5",
                             "2026-01-01T00:00:0Z",
                             "2026-01-01T00:00:00ZZ",
                             "2026-01-01t00:00:00.000Z",
                             "2026-01-01T00:00:00.000+",
                             "2026-13-01T00:00:00.000Z",
                             "2026-02-29T00:00:00.000Z",
                             "2026-00-01T00:00:00.000Z",
                             "2026-01-01T24:00:00.000Z",
                             "2026-01-01T00:60:00.000Z",
                             "2026-01-01T00:00:60.000Z",
                             "1969-12-31T23:59:59.999Z",
                             " 026-01-01T00:00:00.000Z",
                             "2026-01-01T00:00:00.-00Z"}) {
        EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace orderflow::contract
