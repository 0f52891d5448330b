#include "tools/tidy/source.hpp"

#include <gtest/gtest.h>

namespace orderflow::tidy {
namespace {

std::string token_text(std::string_view code) {
    const Source source("libs/a.cpp", std::string(code));
    std::string text;
    for (const auto& token : source.tokens()) text += (text.empty() ? "" : " ") + std::string(token.text);
    return text;
}

TEST(Source, GivenCommentsAndLiterals_WhenRead_ThenOnlyCodeBecomesTokens) {
    EXPECT_EQ(token_text("int a; // rand()\n/* time(0) */ f(\"puts(1)\", 'x');"), "int a ; f ( \"\" , \"\" ) ;");
    EXPECT_EQ(token_text("auto s = R\"(one \" // two)\"; int b;"), "auto s = R \"\" ; int b ;");
    EXPECT_EQ(token_text("f(\"a\\\"b\"); g();"), "f ( \"\" ) ; g ( ) ;");
}

TEST(Source, GivenDigitSeparators_WhenRead_ThenTheyBeginNoLiteral) {
    EXPECT_EQ(token_text("x = 1'000'000; y = u'a'; z = 0xFF'FF;"), "x = 1'000'000 ; y = u \"\" ; z = 0xFF'FF ;");
}

TEST(Source, GivenIncludes_WhenRead_ThenPathKindAndLineAreKept) {
    const Source source("libs/a.cpp", "// #include <not.h>\n#include <vector>\n#  include \"libs/b.hpp\"  // why\n");

    ASSERT_EQ(source.includes().size(), 2U);
    EXPECT_EQ(source.includes()[0].path, "vector");
    EXPECT_TRUE(source.includes()[0].angled);
    EXPECT_EQ(source.includes()[0].line, 2U);
    EXPECT_EQ(source.includes()[1].path, "libs/b.hpp");
    EXPECT_FALSE(source.includes()[1].angled);
    EXPECT_EQ(source.includes()[1].line, 3U);
}

TEST(Source, GivenAMacroOverSeveralLines_WhenRead_ThenItsBodyIsNoCode) {
    EXPECT_EQ(token_text("#define TWICE(x) \\\n    {x; x}\nint a;"), "int a ;");
}

TEST(Source, GivenTokens_WhenNumbered_ThenLinesCountFromOne) {
    const Source source("libs/a.cpp", "int a;\n\nauto t = R\"(x\ny)\";\nint b;\n");

    EXPECT_EQ(source.tokens().front().line, 1U);
    EXPECT_EQ(source.tokens().back().line, 5U);
    EXPECT_EQ(source.line_count(), 5U);
    EXPECT_EQ(source.line(99), "");
}

TEST(Source, GivenNestedBrackets_WhenClosed_ThenTheOuterEndIsFound) {
    const auto tokens = tokenize("f(a[b[0]], {1, (2)}) + g()");

    EXPECT_EQ(tokens[1].text, "(");
    EXPECT_EQ(tokens[closing(tokens, 1) + 1].text, "+");
}

TEST(Source, GivenAnUnclosedBracket_WhenClosed_ThenTheEndOfTheFileIsReturned) {
    const auto tokens = tokenize("f(a");

    EXPECT_EQ(closing(tokens, 1), tokens.size());
}

}  // namespace
}  // namespace orderflow::tidy
