// Goal: `orderflow import-products` brings a file to a running shop, says what became of it in words and in its exit
// code, and a dry run changes nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "libs/testing/temp_dir.hpp"
#include "tests/e2e/server_process.hpp"
#include "tests/e2e/shop_client.hpp"

namespace orderflow::e2e {
namespace {

using ::testing::HasSubstr;

struct Ended {
    int code = 0;
    std::string text;
    std::string errors;
};

class AnImport : public ::testing::Test {
  protected:
    Ended import(const std::string& content, const std::vector<std::string>& options = {},
                 const std::string& shown_token = {}, const std::string& name = "products.csv") {
        const auto path = files / name;
        std::ofstream(path, std::ios::binary) << content;
        std::vector<std::string> words{"import-products", path, "--api", "http://127.0.0.1:" + std::to_string(port)};
        words.insert(words.end(), options.begin(), options.end());
        ServerProcess::Settings settings;
        if (!shown_token.empty()) settings["ORDERFLOW_ADMIN_TOKEN"] = shown_token;
        ServerProcess process(settings, {}, words);
        const int code = process.wait(std::chrono::seconds(100));
        return {code, process.stdout_text(), process.stderr_text()};
    }

    TempDir files;
    const std::string token = "an-operators-token-0123456789";
    const std::string file = "sku,name,category,on_hand,price_EUR\nE2E-VASE,\"Vase, blue\",tests,7,900\n";
    ServerProcess server{{{"ORDERFLOW_DATA_DIR", files / "data"},
                          {"ORDERFLOW_LOG_LEVEL", "error"},
                          {"ORDERFLOW_DRAIN_SECONDS", "5"},
                          {"ORDERFLOW_ADMIN_TOKEN", token}}};
    const std::uint16_t port = server.wait_until_ready();
};

TEST_F(AnImport, GivenNoTokenOrAWrongOne_ThenItSaysWhichItNeedsAndFails) {
    for (const std::string& wrong : {std::string(), std::string("no-operators-token-0123456789")}) {
        const auto ended = import(file, {}, wrong);
        EXPECT_EQ(ended.code, 1);
        EXPECT_THAT(ended.errors, HasSubstr("ORDERFLOW_ADMIN_TOKEN"));
    }
}

TEST_F(AnImport, GivenWordsOrAFileThatAreNone_ThenTheUsageIsToldBeforeAnythingIsSent) {
    EXPECT_EQ(import(file, {}, token, "products.txt").code, 2);
    EXPECT_EQ(import(file, {"--api", "shop"}, token).code, 2);
    EXPECT_EQ(import(std::string(1024 * 1024 + 1, 'x'), {}, token).code, 2);
    EXPECT_EQ(import(file, {"--colour"}, token).code, 2);
}

TEST_F(AnImport, GivenAFileThatBreaksRules_ThenItsLinesAndColumnsAreToldAndNothingIsTaken) {
    const auto ended = import(file + "E2E-CUP,,tests,1,5.50\n", {}, token);

    EXPECT_EQ(ended.code, 3) << ended.errors;
    EXPECT_THAT(ended.text, HasSubstr("line 3, column name: The cell must not be empty."));
    EXPECT_THAT(ended.text, HasSubstr("line 3, column price_EUR: Must be a price in minor units"));
    EXPECT_THROW((void)ShopClient(port).available("E2E-VASE"), std::exception);
}

TEST_F(AnImport, GivenACatalogueThatNoRequestTakes_ThenItComesInPieces_AndAWrongRowAtItsEndTakesNothing) {
    std::string catalogue = "sku,name,description,on_hand,price_EUR\n";
    const std::string description(1000, 'x');
    for (int i = 0; i < 2500; ++i) {
        catalogue += "E2E-" + std::to_string(i) + ",Vase," + description + ",7,900\n";
    }
    const auto refused = import(catalogue + "E2E-CUP,Cup,,1,5.50\n", {}, token);
    EXPECT_EQ(refused.code, 3) << refused.errors;
    EXPECT_THAT(refused.text, HasSubstr("line 2502, column price_EUR"));
    EXPECT_THROW((void)ShopClient(port).available("E2E-0"), std::exception);

    const auto done = import(catalogue, {}, token);
    EXPECT_EQ(done.code, 0) << done.errors;
    EXPECT_THAT(done.errors, HasSubstr("2500 rows are taken"));
    EXPECT_EQ(ShopClient(port).available("E2E-2499"), 7);
}

TEST_F(AnImport, GivenADryRunThenTheImportThenTheSameAgain_ThenOnlyTheSecondChangesTheShop) {
    const auto dry = import(file, {"--dry-run"}, token);
    EXPECT_EQ(dry.code, 0) << dry.errors;
    EXPECT_THAT(dry.text, HasSubstr("new: line 2, E2E-VASE"));
    EXPECT_THROW((void)ShopClient(port).available("E2E-VASE"), std::exception);

    const auto done = import(file, {"--by", "kim & co", "--reason", "autumn"}, token);
    EXPECT_EQ(done.code, 0) << done.errors;
    EXPECT_THAT(done.text, HasSubstr("part 1 of 1: 1 added, 0 changed"));
    EXPECT_THAT(done.errors, HasSubstr("1 row is taken, in 1 part"));
    EXPECT_EQ(ShopClient(port).available("E2E-VASE"), 7);

    const auto again = import(file, {"--token", token});
    EXPECT_EQ(again.code, 0) << again.errors;
    EXPECT_THAT(again.text, HasSubstr("0 added, 0 changed, 1 as they were"));
}

}  // namespace
}  // namespace orderflow::e2e
