#include "libs/crypto/secret_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "libs/testing/seeded_entropy.hpp"
#include "libs/testing/temp_dir.hpp"

namespace orderflow::crypto {
namespace {

class SecretFileTest : public ::testing::Test {
  protected:
    std::string text() const {
        std::ifstream in(file);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void write(const std::string& content) const {
        std::ofstream(file, std::ios::trunc) << content;
        ::chmod(file.c_str(), 0600);
    }
    std::string code_of_error() {
        const auto loaded = load_or_create_secrets(file, entropy);
        return loaded ? "none" : loaded.error().code();
    }

    SeededEntropy entropy{11};
    TempDir dir;
    std::filesystem::path file = dir.path() / "secrets";
};

TEST_F(SecretFileTest, GivenNoFile_WhenLoaded_ThenOneIsMadeForItsOwnerOnlyAndLoadsTheSameAgain) {
    const auto first = load_or_create_secrets(file, entropy);
    const auto second = load_or_create_secrets(file, entropy);

    ASSERT_TRUE(first && second);
    EXPECT_EQ(first->id_secret, second->id_secret);
    EXPECT_EQ(first->tag_keys, second->tag_keys);
    struct stat about{};
    ASSERT_EQ(::stat(file.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777U, 0600U);
}

TEST_F(SecretFileTest, GivenAFileOthersCanRead_WhenLoaded_ThenItIsRefusedWithTheCommandThatHelps) {
    ASSERT_TRUE(load_or_create_secrets(file, entropy));
    ::chmod(file.c_str(), 0644);

    const auto loaded = load_or_create_secrets(file, entropy);

    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code(), "secrets.exposed");
    EXPECT_NE(loaded.error().detail().find("chmod 600"), std::string::npos);
}

TEST_F(SecretFileTest, GivenAFileCutOffAnywhere_WhenLoaded_ThenItIsRefusedAndNotReplaced) {
    ASSERT_TRUE(load_or_create_secrets(file, entropy));
    const auto whole = text();

    for (std::size_t size = 0; size < whole.size(); ++size) {
        write(whole.substr(0, size));
        EXPECT_EQ(code_of_error(), "secrets.damaged") << size << " bytes";
        EXPECT_EQ(text(), whole.substr(0, size));
    }
}

TEST_F(SecretFileTest, GivenASecondTagKey_WhenLoaded_ThenTheRingHoldsBothOldestFirst) {
    ASSERT_TRUE(load_or_create_secrets(file, entropy));
    write(text() + "tag_key_2=" + std::string(64, 'a') + "\n");

    const auto loaded = load_or_create_secrets(file, entropy);

    ASSERT_TRUE(loaded);
    ASSERT_EQ(loaded->tag_keys.size(), 2U);
    EXPECT_EQ(loaded->tag_keys[1], SecretBytes(32, std::byte{0xaa}));
}

TEST_F(SecretFileTest, GivenNoToken_WhenLoaded_ThenItIsCreatedOnceAndToldSo) {
    const auto first = load_or_create_admin_token(file, entropy);
    const auto second = load_or_create_admin_token(file, entropy);

    ASSERT_TRUE(first && second);
    EXPECT_TRUE(first->created);
    EXPECT_FALSE(second->created);
    EXPECT_EQ(first->text.size(), 64U);
    EXPECT_EQ(first->text, second->text);
}

TEST_F(SecretFileTest, GivenADirectoryThatDoesNotExist_WhenLoaded_ThenTheErrorNamesIt) {
    const auto loaded = load_or_create_secrets(dir.path() / "missing" / "secrets", entropy);

    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code(), "file.not_written");
    EXPECT_NE(loaded.error().detail().find("missing"), std::string::npos);
}

}  // namespace
}  // namespace orderflow::crypto
