// TempDir: a directory of one test, removed at its end.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "libs/base/invariant.hpp"

namespace orderflow {

class TempDir {
  public:
    TempDir() {
        std::string pattern = (std::filesystem::temp_directory_path() / "orderflow-test-XXXXXX").string();
        ORDERFLOW_INVARIANT(::mkdtemp(pattern.data()) != nullptr);
        path_ = pattern;
    }
    ~TempDir() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TempDir(const TempDir&) = delete;
    TempDir& operator=(const TempDir&) = delete;

    const std::string& path() const noexcept { return path_; }
    // The path of a file in it.
    std::string operator/(const std::string& name) const { return path_ + "/" + name; }

  private:
    std::string path_;
};

}  // namespace orderflow
