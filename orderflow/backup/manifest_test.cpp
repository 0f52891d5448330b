#include "orderflow/backup/manifest.hpp"

#include <gtest/gtest.h>

#include "libs/testing/temp_dir.hpp"

namespace orderflow {
namespace {

const std::string digest(64, 'a');

Manifest a_manifest() {
    return {.program_version = "1.2.3",
            .made_at = from_unix_ms(1'767'225'600'123),
            .has_store = true,
            .has_ledger = false,
            .parts = {{.name = "queue.db", .bytes = 8192, .sha256 = digest, .schema_version = 2},
                      {.name = "secrets", .bytes = 200, .sha256 = digest}}};
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    text.replace(text.find(from), from.size(), to);
    return text;
}

TEST(Manifest, GivenNone_ThenTheBackupIsIncomplete) {
    const TempDir dir;

    const auto read = read_manifest(dir.path());

    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code(), "backup.incomplete");
}

TEST(Manifest, GivenOneThatIsCutOffOrOfAnotherFormat_ThenItIsRefused) {
    const auto text = manifest_json(a_manifest());

    for (const auto& wrong : {text.substr(0, text.size() / 2), replaced(text, "\"format\":1", "\"format\":2"),
                              replaced(text, "\"has_store\":true", "\"has_store\":1"), replaced(text, "8192", "-1"),
                              replaced(text, digest, "xyz"), std::string("[]"), std::string()}) {
        const auto read = read_manifest_json(wrong);
        ASSERT_FALSE(read) << wrong;
        EXPECT_EQ(read.error().code(), "backup.manifest");
    }
}

TEST(Manifest, GivenANameThatLeadsOutOfTheDirectory_ThenItIsRefused) {
    for (const auto* name : {"../secrets", "/etc/passwd", "a/b", "..", ""}) {
        EXPECT_FALSE(read_manifest_json(replaced(manifest_json(a_manifest()), "queue.db", name))) << name;
    }
}

TEST(Manifest, WhenWritten_ThenItIsReadAsItWas) {
    const TempDir dir;

    ASSERT_TRUE(write_manifest(dir.path(), a_manifest()));

    const auto read = read_manifest(dir.path());
    ASSERT_TRUE(read) << read.error().detail();
    EXPECT_EQ(*read, a_manifest());
    EXPECT_EQ(read->find("secrets")->bytes, 200U);
    EXPECT_EQ(read->find("orders.db"), nullptr);
}

}  // namespace
}  // namespace orderflow
