#include "libs/observe/printable.hpp"

#include <gtest/gtest.h>

namespace orderflow::observe {
namespace {

using namespace std::string_literals;

constexpr std::size_t plenty = 1000;

TEST(Printable, GivenUtf8_WhenPrinted_ThenUnchanged) {
    EXPECT_EQ(printable("caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x93\x9C", plenty),
              "caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x93\x9C");
}

TEST(Printable, GivenOctetsOutsideUtf8_WhenPrinted_ThenEachIsReplaced) {
    const auto replaced = [](const std::string& text) { return printable(text, plenty); };

    EXPECT_EQ(replaced("a\xFF"
                       "b"),
              "a\xEF\xBF\xBD"
              "b");
    EXPECT_EQ(replaced("\xC3"), "\xEF\xBF\xBD");
    EXPECT_EQ(replaced("\xC0\xAF"), "\xEF\xBF\xBD\xEF\xBF\xBD");
    EXPECT_EQ(replaced("\xED\xA0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    EXPECT_EQ(replaced("\xF5\x80\x80\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Printable, GivenControlsOfTerminals_WhenPrinted_ThenReplaced) {
    EXPECT_EQ(printable("\x7F", plenty), "\xEF\xBF\xBD");
    EXPECT_EQ(printable("\xC2\x9B"
                        "31m",
                        plenty),
              "\xEF\xBF\xBD"
              "31m");
}

TEST(Printable, GivenLongText_WhenPrinted_ThenCutBetweenCharacters) {
    EXPECT_EQ(printable("abcdef", 3), "abc...");
    EXPECT_EQ(printable("ab\xE2\x82\xAC", 4), "ab...");
    EXPECT_EQ(printable("abc", 3), "abc");
}

TEST(PrintableLine, GivenControls_WhenPrinted_ThenNoneReachesTheTerminal) {
    EXPECT_EQ(printable_line("a\x1b[31mb\r\n\t\x9b", plenty), "a\\x1b[31mb\\x0d\\x0a\\x09\xEF\xBF\xBD");
    EXPECT_EQ(printable_line("caf\xC3\xA9 \\x", plenty), "caf\xC3\xA9 \\x");
}

}  // namespace
}  // namespace orderflow::observe
