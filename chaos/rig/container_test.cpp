#include "chaos/rig/container.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "chaos/rig/probe.hpp"
#include "libs/testing/temp_dir.hpp"

namespace orderflow::chaos {
namespace {

bool has(const Arguments& words, const std::string& word) { return std::ranges::find(words, word) != words.end(); }

TEST(AContainer, GivenSettings_WhenItsWordsAreMade_ThenTheyNameTheSettingsAndHoldNoValue) {
    const Container container{.name = "one",
                              .image = "localhost/orderflow/worker-service:latest",
                              .data = "/tmp/x",
                              .pid_file = "/tmp/x.pid"};

    const auto words = words_of(container, {{"DATABASE_URL", "postgresql://secret@db"}});

    EXPECT_EQ(words.back(), container.image);
    EXPECT_TRUE(has(words, "DATABASE_URL"));
    for (const auto& word : words) EXPECT_EQ(word.find("secret"), std::string::npos) << word;
}

TEST(AContainer, GivenAnyProgram_WhenItsWordsAreMade_ThenItHasNoMoreRightsThanOnACluster) {
    const auto words = words_of({.name = "one", .image = "image", .data = "/tmp/x", .pid_file = "/tmp/x.pid"}, {});

    for (const auto* word : {"--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "10001:10001"}) {
        EXPECT_TRUE(has(words, word)) << word;
    }
    EXPECT_TRUE(has(words, "/tmp/x:/tmp/x"));
}

TEST(AContainer, GivenNoNumberOfItsProcessYet_WhenAskedForIt_ThenThereIsNone) {
    const TempDir directory;
    const Container container{.name = "one", .image = "image", .data = "/tmp/x", .pid_file = directory.path() / "pid"};

    EXPECT_FALSE(first_process(container));
    std::ofstream(container.pid_file) << "";
    EXPECT_FALSE(first_process(container));
    std::ofstream(container.pid_file) << "0";
    EXPECT_FALSE(first_process(container)) << "0 would be every process of the rig's own group";
    std::ofstream(container.pid_file) << "4711";
    EXPECT_EQ(first_process(container), 4711);
}

TEST(ImageOf, GivenTwoReleases_ThenEachHasItsTag) {
    const Images images{.current = "latest", .before = "n-1"};

    EXPECT_EQ(image_of("api-service", images, Release::current), "localhost/orderflow/api-service:latest");
    EXPECT_EQ(image_of("api-service", images, Release::before), "localhost/orderflow/api-service:n-1");
}

TEST(NeedContainers, GivenAMachineWithoutTheImages_WhenTried_ThenItIsSkippedWithTheReason) {
    EXPECT_THROW(need_containers({.current = "no-such-tag", .before = {}}), Skipped);
}

}  // namespace
}  // namespace orderflow::chaos
