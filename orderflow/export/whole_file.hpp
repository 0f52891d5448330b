// WholeFile: a new file that has its name when all of it is on disk, and never before: whatever ends the program
// meanwhile, a power cut too, leaves nothing of it.
#pragma once

#include <filesystem>
#include <memory>

#include "libs/base/descriptor.hpp"
#include "libs/base/result.hpp"

namespace orderflow {

class WholeFile {
  public:
    // Mode 0600. conflict "file.exists"; unavailable "file.not_written", also on a file system that has no files
    // without a name (O_TMPFILE of Linux).
    static Result<WholeFile> begin(std::filesystem::path path);

    int descriptor() const noexcept { return file_->get(); }  // to write to

    // Synced, then named, and the name synced. conflict "file.exists" when another has taken the name;
    // "file.not_written".
    Result<void> publish();

  private:
    WholeFile(std::filesystem::path path, std::unique_ptr<Descriptor> file)
        : path_(std::move(path)), file_(std::move(file)) {}

    std::filesystem::path path_;
    std::unique_ptr<Descriptor> file_;
};

}  // namespace orderflow
