#include "orderflow/export/whole_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "libs/testing/temp_dir.hpp"

namespace orderflow {
namespace {

class AWholeFile : public ::testing::Test {
  protected:
    static void write(const WholeFile& file, const std::string& text) {
        ASSERT_EQ(::write(file.descriptor(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }
    std::string content() const {
        std::ifstream in(path);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    TempDir dir;
    std::filesystem::path path = dir.path() / "orders.ndjson";
};

TEST_F(AWholeFile, GivenAnEndBeforeItIsPublished_ThenNothingIsThere) {
    {
        const auto file = WholeFile::begin(path).value();
        write(file, "half");
        EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
    }
    EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST_F(AWholeFile, GivenANameThatIsTaken_WhenBegunOrPublished_ThenTheOtherFileStays) {
    auto late = WholeFile::begin(path).value();
    write(late, "late");
    std::ofstream(path) << "first";

    EXPECT_EQ(WholeFile::begin(path).error().code(), "file.exists");
    EXPECT_EQ(late.publish().error().code(), "file.exists");
    EXPECT_EQ(content(), "first");
}

TEST_F(AWholeFile, GivenNoDirectory_ThenItSaysSo) {
    EXPECT_EQ(WholeFile::begin(dir.path() / "missing" / "a").error().code(), "file.not_written");
}

TEST_F(AWholeFile, WhenPublished_ThenItIsThereForItsOwnerAlone) {
    auto file = WholeFile::begin(path).value();
    write(file, "all");

    ASSERT_TRUE(file.publish());

    EXPECT_EQ(content(), "all");
    struct stat seen{};
    ASSERT_EQ(::stat(path.c_str(), &seen), 0);
    EXPECT_EQ(seen.st_mode & 0777U, 0600U);
}

}  // namespace
}  // namespace orderflow
