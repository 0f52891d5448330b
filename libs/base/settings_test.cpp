#include "libs/base/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace orderflow {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(SettingsReader, GivenNumbersThatAreNotWholeOrOutOfRange_WhenRead_ThenAllAreReportedAtOnce) {
    const Environment environment{{"A", "12x"}, {"B", "-1"}, {"C", "9223372036854775808"}, {"D", " 5"}, {"E", "1.5"}};
    SettingsReader settings(environment);

    for (const auto* name : {"A", "B", "C", "D", "E"}) EXPECT_EQ(settings.integer(name, 7, 0, 100), 7);

    EXPECT_THAT(settings.errors(), ElementsAre(HasSubstr("A: '12x'"), HasSubstr("B: '-1'"), HasSubstr("C: '922"),
                                               HasSubstr("D: ' 5'"), HasSubstr("E: '1.5'")));
}

TEST(SettingsReader, GivenTheBounds_WhenRead_ThenTheyAreAllowed) {
    const Environment environment{{"LOW", "0"}, {"HIGH", "100"}};
    SettingsReader settings(environment);

    EXPECT_EQ(settings.integer("LOW", 7, 0, 100), 0);
    EXPECT_EQ(settings.integer("HIGH", 7, 0, 100), 100);
    EXPECT_THAT(settings.errors(), IsEmpty());
}

TEST(SettingsReader, GivenAnAbsentOrEmptyVariable_WhenRead_ThenTheFallbackHoldsWithoutAnError) {
    const Environment environment{{"EMPTY", ""}};
    SettingsReader settings(environment);

    EXPECT_EQ(settings.text("EMPTY", "x"), "x");
    EXPECT_EQ(settings.optional_text("NONE"), std::nullopt);
    EXPECT_EQ(settings.seconds("NONE", std::chrono::seconds(25), {}, std::chrono::seconds(60)).count(), 25);
    EXPECT_THAT(settings.errors(), IsEmpty());
}

TEST(SettingsReader, GivenATypoInAName_WhenUnknownOnesAreRefused_ThenItIsNamed) {
    const Environment environment{{"ORDERFLOW_LISTEN", "x"}, {"ORDERFLOW_LISTNE", "x"}, {"OTHER", "x"}};
    SettingsReader settings(environment);
    static_cast<void>(settings.text("ORDERFLOW_LISTEN", ""));

    settings.refuse_unknown("ORDERFLOW_");

    EXPECT_THAT(settings.errors(), ElementsAre(HasSubstr("ORDERFLOW_LISTNE")));
}

TEST(SettingsReader, GivenAFlagThatIsNeitherOnNorOff_WhenRead_ThenItIsRefused) {
    const Environment environment{{"F", "true"}};
    SettingsReader settings(environment);

    EXPECT_FALSE(settings.flag("F", false));
    EXPECT_THAT(settings.errors(), ElementsAre(HasSubstr("F: 'true' is neither on nor off")));
}

}  // namespace
}  // namespace orderflow
