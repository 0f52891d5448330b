#include "libs/observe/xray_header.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace orderflow::observe {
namespace {

TEST(XrayHeader, GivenWhatIsNone_WhenRead_ThenThereIsNoContext) {
    constexpr std::array<std::string_view, 8> wrong = {
        "",
        ";;=",
        "Root=1-5759e988-bd862e3fe1be46a994272793",
        "Parent=53995c3f42cd8ad8;Sampled=1",
        "Root=2-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8",
        "Root=1-5759e988xbd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8",
        "Root=1-5759e988-bd862e3fe1be46a99427279;Parent=53995c3f42cd8ad8",
        "Root=1-5759E988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8adg",
    };
    for (const auto& header : wrong) EXPECT_FALSE(read_xray_header(header)) << header;
}

TEST(XrayHeader, GivenTheExampleOfTheDocumentation_WhenRead_ThenItIsTheSameTraceInOurForm) {
    const auto context = read_xray_header("Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1");
    ASSERT_TRUE(context);
    EXPECT_EQ(context->to_string(), "00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01");
}

TEST(XrayHeader, GivenOtherFieldsAndAnotherOrder_WhenRead_ThenTheyDoNotMatter_AndNoSampleIsNone) {
    const auto context = read_xray_header(
        "Self=1-1-1;Parent=53995c3f42cd8ad8;Lineage=1:2:3;Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=0");
    ASSERT_TRUE(context);
    EXPECT_FALSE(context->sampled);
}

}  // namespace
}  // namespace orderflow::observe
