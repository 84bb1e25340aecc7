"""Reading Outlook into the remote trees."""
