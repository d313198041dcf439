"""What the scripts of the GitHub Action and of the GitLab jobs share; Python's standard library only."""
