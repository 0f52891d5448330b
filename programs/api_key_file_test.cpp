#include "programs/api_key_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "api-service/api_key_list.hpp"
#include "libs/base/system_clock.hpp"
#include "libs/crypto/digest.hpp"
#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/temp_dir.hpp"

namespace orderflow {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

struct RememberingSink final : observe::LogSink {
    void write(observe::LogLevel, std::string_view line) override { lines.emplace_back(line); }
    std::vector<std::string> lines;
};

class ApiKeyFileTest : public testing::Test {
  protected:
    api::ApiKey key(std::string& text) {
        api::ApiKey made;
        made.tenant = "acme";
        made.scopes = {api::Scope::orders_write};
        text = api::make_api_key(made, entropy, crypto::sha256);
        return made;
    }
    static std::string code_of(const Result<std::vector<api::ApiKey>>& keys) { return keys ? "" : keys.error().code(); }
    Result<std::unique_ptr<ApiKeyWatch>> start(bool chosen = false) {
        return ApiKeyWatch::start({clock, log}, {file, chosen});
    }

    TempDir directory;
    const std::filesystem::path file = std::filesystem::path(directory.path()) / "api-keys.json";
    SystemClock clock;
    SeededEntropy entropy{5};
    RememberingSink sink;
    observe::Logger log{clock, sink, observe::LogLevel::info};
};

TEST_F(ApiKeyFileTest, GivenFilesThatAreNoGood_ThenEachSaysSo) {
    EXPECT_EQ(code_of(read_api_keys(file)), "api_keys.missing");
    EXPECT_EQ(code_of(read_api_keys(directory.path())), "api_keys.unreadable");
    std::ofstream(file) << "no json";
    EXPECT_EQ(code_of(read_api_keys(file)), "api_keys.malformed");
    ASSERT_TRUE(write_api_keys(file, {}));
    std::filesystem::permissions(file, std::filesystem::perms::group_write, std::filesystem::perm_options::add);
    EXPECT_EQ(code_of(read_api_keys(file)), "api_keys.exposed");
}

TEST_F(ApiKeyFileTest, GivenNoFile_ThenOnlyOneThatWasChosenIsAnError) {
    const auto chosen = start(true);
    ASSERT_FALSE(chosen);
    EXPECT_EQ(chosen.error().code(), "api_keys.missing");
    const auto usual = start();
    ASSERT_TRUE(usual);
    EXPECT_EQ((*usual)->current()->size(), 0U);
}

TEST_F(ApiKeyFileTest, GivenAFileThatChanges_ThenTheKeysAreThoseOfTheLastGoodOne) {
    std::string first;
    std::string second;
    auto keys = std::vector{key(first)};
    ASSERT_TRUE(write_api_keys(file, keys));
    const auto watch = start();
    ASSERT_TRUE(watch);
    EXPECT_NE((*watch)->current()->find(first, crypto::sha256), nullptr);
    const auto held = (*watch)->current();

    keys.push_back(key(second));
    ASSERT_TRUE(write_api_keys(file, keys));
    (*watch)->look();
    EXPECT_NE((*watch)->current()->find(second, crypto::sha256), nullptr);
    EXPECT_EQ(held->size(), 1U) << "a request that runs keeps what it has";

    std::ofstream(file) << "half a fi";
    (*watch)->look();
    EXPECT_THAT(*(*watch)->current(), SizeIs(2));
    EXPECT_THAT(sink.lines.back(), HasSubstr("api_keys.malformed"));
}

TEST_F(ApiKeyFileTest, GivenAFileThatCannotBeRead_ThenItIsSaidOnceAndTriedUntilItCan) {
    std::string text;
    auto keys = std::vector{key(text)};
    ASSERT_TRUE(write_api_keys(file, keys));
    const auto watch = start();
    ASSERT_TRUE(watch);
    keys.front().revoked_at = clock.wall();
    ASSERT_TRUE(write_api_keys(file, keys));
    // In both states it looks the same from outside.
    std::string good;
    std::getline(std::ifstream(file), good, '\0');
    const auto put = [&](const std::string& content) {
        std::ofstream(file) << content;
        std::filesystem::last_write_time(file, std::filesystem::file_time_type());
    };

    put(std::string(good.size(), ' '));
    (*watch)->look();
    (*watch)->look();
    EXPECT_THAT(sink.lines.back(), HasSubstr("api_keys.malformed"));
    EXPECT_EQ(std::ranges::count_if(sink.lines, [](const auto& line) { return line.contains("not_read"); }), 1);

    put(good);
    (*watch)->look();
    const auto* found = (*watch)->current()->find(text, crypto::sha256);
    ASSERT_NE(found, nullptr);
    EXPECT_FALSE(found->is_good(clock.wall())) << "it is revoked";
}

}  // namespace
}  // namespace orderflow
