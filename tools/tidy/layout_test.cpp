#include "tools/tidy/layout.hpp"

#include <gtest/gtest.h>

#include "tools/tidy/snapshot_test.hpp"

namespace orderflow::tidy {
namespace {

std::string repeated(std::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
}

std::string shape(std::string path, std::string text) {
    return snapshot(check_shape(Source(std::move(path), std::move(text))));
}

TEST(Layout, GivenALongLine_WhenChecked_ThenItsColumnsAreCounted) {
    EXPECT_EQ(snapshot(check_text("dev", std::string(121, 'x') + "\n")), "dev:1: columns: 121 columns: 120 at most\n");
    EXPECT_EQ(snapshot(check_text("dev", std::string(120, 'x') + "\n")), "");
    EXPECT_EQ(snapshot(check_text("dev", repeated("\xC3\xA9", 120) + "\n")), "") << "characters count, not bytes";
    EXPECT_EQ(snapshot(check_text("README.md", std::string(500, 'x') + "\n")), "") << "tables may be wide";
}

TEST(Layout, GivenTabsAndSpacesAtTheEnd_WhenChecked_ThenTheyAreErrors) {
    EXPECT_EQ(snapshot(check_text("a.cpp", "a\tb\nc \nd\r\n")),
              "a.cpp:1: tabs: a tab: spaces\n"
              "a.cpp:2: trailing-space: a space at the end of the line: nothing\n"
              "a.cpp:3: line-end: a carriage return: line feeds alone\n");
}

TEST(Layout, GivenALastLineWithoutEnd_WhenChecked_ThenItIsAnError) {
    EXPECT_EQ(snapshot(check_text("a.cpp", "a\nb")), "a.cpp:2: last-line: the last line has no end: a line feed\n");
    EXPECT_EQ(snapshot(check_text("a.cpp", "")), "");
}

TEST(Layout, GivenAHeader_WhenItLacksItsHead_ThenItIsAnError) {
    EXPECT_EQ(
        shape("libs/a.hpp", "int x;\n"),
        "libs/a.hpp:1: head-comment: a header opens with its purpose: two to five lines of // before #pragma once: "
        "what it is, what it promises\n"
        "libs/a.hpp:1: pragma-once: the header can be included twice: #pragma once after the head comment\n");
    EXPECT_EQ(shape("libs/a.hpp", "// A number.\n#pragma once\nint x;\n"), "");
    EXPECT_EQ(shape("libs/a.cpp", "int x;\n"), "");
}

TEST(Layout, GivenALongFile_WhenChecked_ThenItIsAnError) {
    EXPECT_EQ(shape("libs/a.cpp", repeated("\n", 601)),
              "libs/a.cpp:601: file-length: 601 lines: more than one idea: files of one idea, 600 lines at most\n");
    EXPECT_EQ(shape("libs/a.cpp", repeated("\n", 600)), "");
}

TEST(Layout, GivenALongFunction_WhenChecked_ThenItIsAWarning) {
    const auto body = repeated("    f();\n", 99);

    EXPECT_EQ(shape("libs/a.cpp", "namespace a {\nvoid g() {\n" + body + "}\n}\n"),
              "libs/a.cpp:2: function-length (warning): 101 lines: a function past one screen mixes decision and work: "
              "split it, or leave it whole when it is one table or one switch\n");
    EXPECT_EQ(shape("libs/a.cpp", "struct A {\n    A() : x_{1}, y_(2) {\n" + body + "}\n};\n"),
              "libs/a.cpp:2: function-length (warning): 101 lines: a function past one screen mixes decision and work: "
              "split it, or leave it whole when it is one table or one switch\n");
}

TEST(Layout, GivenALongTableOrNamespace_WhenChecked_ThenItIsNoFunction) {
    EXPECT_EQ(shape("libs/a.cpp", "constexpr auto t = make({\n" + repeated("    {1},\n", 150) + "});\n"), "");
    EXPECT_EQ(shape("libs/a.cpp", "namespace {\n" + repeated("void f() {}\n", 150) + "}\n"), "");
    EXPECT_EQ(shape("libs/a.cpp", "class A {\n" + repeated("void f() {}\n", 150) + "};\n"), "");
}

TEST(Layout, GivenMarkdown_WhenItHasNotOneTitle_ThenItIsAnError) {
    EXPECT_EQ(snapshot(check_markdown("a.md", "# A\n\ntext\n# B\n")),
              "a.md:4: one-title: a second title: ## for sections\n");
    EXPECT_EQ(snapshot(check_markdown("a.md", "text\n")), "a.md:1: one-title: no title: one line that begins with #\n");
    EXPECT_EQ(snapshot(check_markdown("a.md", "# A\n```\n# a shell comment\n```\n## B\n")), "");
}

}  // namespace
}  // namespace orderflow::tidy
