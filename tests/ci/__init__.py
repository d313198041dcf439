"""The GitHub Action and the GitLab scripts: as real processes, with servers that stand for GitHub and GitLab."""
