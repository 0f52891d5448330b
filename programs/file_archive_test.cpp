#include "programs/file_archive.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "libs/testing/sim_loop.hpp"
#include "libs/testing/temp_dir.hpp"

namespace orderflow {
namespace {

class AnArchive : public ::testing::Test {
  protected:
    Result<void> keep(const std::string& lines) {
        if (!archive) archive = FileArchive::open(loop, loop.clock(), dir.path() / "archive").value();
        return loop.run(archive->keep(lines));
    }
    std::vector<std::filesystem::path> files() const {
        std::vector<std::filesystem::path> found;
        for (const auto& entry : std::filesystem::directory_iterator(dir.path() / "archive")) {
            if (entry.path().extension() == ".ndjson") found.push_back(entry.path());
        }
        std::ranges::sort(found);
        return found;
    }
    static std::string content(const std::filesystem::path& file) {
        std::ifstream in(file);
        return {std::istreambuf_iterator<char>(in), {}};
    }

    TempDir dir;
    SimLoop loop;
    std::unique_ptr<FileArchive> archive;
};

TEST_F(AnArchive, GivenADirectoryThatIsInUse_ThenASecondOneIsRefused) {
    ASSERT_TRUE(keep("{}\n"));

    const auto second = FileArchive::open(loop, loop.clock(), dir.path() / "archive");

    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code(), "data_dir.in_use");
}

TEST_F(AnArchive, GivenAPlaceThatCannotBeWritten_ThenItSaysSo) {
    const auto opened = FileArchive::open(loop, loop.clock(), dir.path() / "missing" / "archive");

    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code(), "archive.not_written");
    ASSERT_TRUE(keep("{}\n"));
    const auto file = files().at(0);
    std::filesystem::remove(file);
    std::filesystem::create_directory(file);
    EXPECT_FALSE(keep("{}\n"));
}

TEST_F(AnArchive, GivenALineThatWasCutOff_WhenMoreIsKept_ThenItIsGoneAndTheWholeLinesStay) {
    ASSERT_TRUE(keep("{\"a\":1}\n"));
    std::ofstream(files().at(0), std::ios::app) << "{\"b\":";

    ASSERT_TRUE(keep("{\"c\":3}\n"));

    EXPECT_EQ(content(files().at(0)), "{\"a\":1}\n{\"c\":3}\n");
}

TEST_F(AnArchive, WhenDaysPass_ThenEachHasAFileOfItsOwnThatOthersCannotRead) {
    ASSERT_TRUE(keep("{\"a\":1}\n"));
    ASSERT_TRUE(keep("{\"b\":2}\n"));
    loop.advance(std::chrono::hours(24));
    ASSERT_TRUE(keep("{\"c\":3}\n"));

    const auto found = files();

    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(content(found[0]), "{\"a\":1}\n{\"b\":2}\n");
    EXPECT_EQ(content(found[1]), "{\"c\":3}\n");
    struct stat seen{};
    ASSERT_EQ(::stat(found[0].c_str(), &seen), 0);
    EXPECT_EQ(seen.st_mode & 0777U, 0600U);
    ASSERT_EQ(::stat((dir / "archive").c_str(), &seen), 0);
    EXPECT_EQ(seen.st_mode & 0777U, 0700U);
}

}  // namespace
}  // namespace orderflow
