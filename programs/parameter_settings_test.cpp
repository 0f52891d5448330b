#include "programs/parameter_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/base/system_clock.hpp"
#include "libs/testing/seeded_entropy.hpp"

namespace orderflow {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ParameterSettings, GivenAnEntryOfAnotherForm_WhenRead_ThenItIsNamed) {
    for (const std::string wrong : {"DATABASE_URL", "=/a", "DATABASE_URL=", "database_url=/a", "A=/a b", "A=/a,,B=/b",
                                    "AWS_SECRET_ACCESS_KEY=/a", "ORDERFLOW_PARAMETERS=/a", "A=/a:3"}) {
        const auto read = read_parameter_settings(wrong, {});
        ASSERT_FALSE(read) << wrong;
        EXPECT_EQ(read.error().code(), "parameters.malformed");
        EXPECT_THAT(read.error().detail(), HasSubstr("ORDERFLOW_PARAMETERS: '"));
    }
}

TEST(ParameterSettings, GivenASettingThatStandsThereTwice_WhenRead_ThenItIsRefused) {
    EXPECT_THAT(read_parameter_settings("A=/a,A=/b", {}).error().detail(), HasSubstr("'A=/b'"));
    EXPECT_THAT(read_parameter_settings("A=/a", {{"A", "b"}}).error().detail(), HasSubstr("leave one of them out"));
    EXPECT_TRUE(read_parameter_settings("A=/a", {{"A", ""}}));
}

TEST(ParameterSettings, GivenMoreThanOneCallTakes_WhenRead_ThenItIsRefused) {
    std::string many = "A0=/a";
    for (int i = 1; i < 10; ++i) many += ",A" + std::to_string(i) + "=/a";
    EXPECT_EQ(read_parameter_settings(many, {})->size(), 10U);
    EXPECT_THAT(read_parameter_settings(many + ",B=/b", {}).error().detail(), HasSubstr("'B=/b'"));
}

TEST(ParameterSettings, GivenAList_WhenRead_ThenEachSettingHasItsParameter) {
    EXPECT_THAT(*read_parameter_settings("DATABASE_URL=/orderflow/demo/database/worker-url,A_1=b.c-d_e", {}),
                ElementsAre(ParameterSetting{"DATABASE_URL", "/orderflow/demo/database/worker-url"},
                            ParameterSetting{"A_1", "b.c-d_e"}));
}

TEST(ParameterSettings, GivenNone_WhenTheEnvironmentIsAsked_ThenItIsAsItWas) {
    const SystemClock clock;
    SeededEntropy entropy(1);
    const Environment environment{{"A", "b"}};
    EXPECT_EQ(*with_parameters(environment, clock, entropy), environment);
    EXPECT_EQ(*with_parameters({{"A", "b"}, {"ORDERFLOW_PARAMETERS", ""}}, clock, entropy), environment);
}

TEST(ParameterSettings, GivenNoRegion_WhenAsked_ThenTheSettingIsNamed) {
    const SystemClock clock;
    SeededEntropy entropy(1);
    const auto known = with_parameters({{"ORDERFLOW_PARAMETERS", "A=/a"}}, clock, entropy);
    ASSERT_FALSE(known);
    EXPECT_EQ(known.error().code(), "ssm.region_missing");
    EXPECT_THAT(known.error().detail(), HasSubstr("ORDERFLOW_PARAMETERS: set AWS_REGION"));
}

}  // namespace
}  // namespace orderflow
