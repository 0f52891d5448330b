// Method: files of a directory of the test's own, looked at before and after.
#include "programs/start_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "libs/testing/temp_dir.hpp"

namespace orderflow {
namespace {

using ::testing::HasSubstr;

constexpr StartCheck::Database ours{.application_id = 0x4f465354, .newest_version = 5};

class StartCheckTest : public ::testing::Test {
  protected:
    std::filesystem::path write(const std::string& content) const {
        std::ofstream(file(), std::ios::binary) << content;
        return file();
    }
    std::filesystem::path file() const { return dir.path() / "orders.db"; }
    // The first 100 bytes of an SQLite file.
    static std::string header(const std::string& application_id, char version) {
        std::string bytes(100, '\0');
        bytes.replace(0, 15, "SQLite format 3");
        bytes[63] = version;
        bytes.replace(68, 4, application_id);
        return bytes;
    }
    void look(StartCheck::Absent absent = StartCheck::Absent::will_be_made) {
        check.database("store", file(), ours, absent);
    }

    TempDir dir;
    StartCheck check;
};

TEST_F(StartCheckTest, GivenNoStore_WhenLookedAt_ThenNoneIsMade) {
    look();
    EXPECT_TRUE(check.all_good());
    EXPECT_EQ(check.text(), "  store            " + file().string() + ": will be made\n");

    look(StartCheck::Absent::made_by_worker);
    EXPECT_FALSE(check.all_good());
    EXPECT_THAT(check.text(), HasSubstr("it is not there"));
    EXPECT_TRUE(std::filesystem::is_empty(dir.path()));
}

TEST_F(StartCheckTest, GivenAFileOfSomebodyElse_WhenLookedAt_ThenItSaysWhatItIs) {
    struct Wrong {
        std::string content;
        const char* why;
    };
    for (const auto& [content, why] :
         {Wrong{"not a database", "no SQLite database"}, Wrong{header("XXXX", 1), "another program"},
          Wrong{header("OFST", 6), "schema version 6, this program knows up to 5"}}) {
        StartCheck each;
        each.database("store", write(content), ours, StartCheck::Absent::will_be_made);
        EXPECT_FALSE(each.all_good());
        EXPECT_THAT(each.text(), HasSubstr(why));
    }
}

TEST_F(StartCheckTest, GivenAStoreOfOurs_WhenLookedAt_ThenItIsNamed) {
    for (const auto& content : {header("OFST", 5), header(std::string(4, '\0'), 0), std::string()}) {
        write(content);
        look();
    }
    EXPECT_TRUE(check.all_good()) << check.text();
}

TEST_F(StartCheckTest, GivenADirectoryThatIsNotThere_WhenLookedAt_ThenItIsNotMade) {
    check.data_dir(dir.path() / "a" / "b");
    EXPECT_TRUE(check.all_good());
    EXPECT_THAT(check.text(), HasSubstr("will be made"));
    EXPECT_TRUE(std::filesystem::is_empty(dir.path()));

    write("x");
    check.data_dir(file());
    EXPECT_FALSE(check.all_good());
    check.data_dir(file() / "below");
    EXPECT_THAT(check.text(), HasSubstr("no directory"));
    StartCheck archive;
    archive.directory("archive", file());
    EXPECT_FALSE(archive.all_good());
    EXPECT_THAT(archive.text(), HasSubstr("archive"));
}

}  // namespace
}  // namespace orderflow
